"""What clients of a dependency do by themselves when it fails, and what to write instead; by the dependency's kind."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """`waits`: how long its clients wait by default. `bounds`: what to set. `revives`: how dead connections are met."""

    waits: str
    bounds: str
    revives: str = "connect again where a connection has ended, and give each one back in a finally"


_DEFAULTS = {
    "postgres": Defaults(
        waits="psycopg, psycopg2 and asyncpg wait for an answer without end by default (asyncpg to connect: 60 s)",
        bounds="set connect_timeout=2 and options='-c statement_timeout=2000' (asyncpg: timeout=2, command_timeout=2)",
        revives=(
            "roll back and give each connection back in a finally; let the pool look at it first (SQLAlchemy: "
            "pool_pre_ping=True; psycopg_pool: check=ConnectionPool.check_connection; Django: CONN_HEALTH_CHECKS)"
        ),
    ),
    "redis": Defaults(
        waits="redis-py waits for an answer without end by default, and then tries again",
        bounds="set socket_timeout=1 and socket_connect_timeout=1, with few retries",
        revives="set health_check_interval, or let redis-py retry on ConnectionError",
    ),
    "http": Defaults(
        waits="requests and urllib3 wait for an answer without end by default, aiohttp 5 minutes, httpx 5 s a read",
        bounds="give each request a time-out (requests: timeout=2; httpx.Timeout(2); aiohttp.ClientTimeout(total=2))",
    ),
    "smtp": Defaults(
        waits="smtplib waits for an answer without end by default",
        bounds="set smtplib.SMTP(…, timeout=2) (Django: EMAIL_TIMEOUT), or send behind the answer, from an outbox",
    ),
}
_OTHER = Defaults(waits="its client waits without end", bounds="give each call to it a time-out below the deadline")


def defaults_of(kind: str) -> Defaults:
    """What is known of the clients of a dependency of this kind."""
    return _DEFAULTS.get(kind, _OTHER)
