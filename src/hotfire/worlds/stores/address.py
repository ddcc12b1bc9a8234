"""Where a server answers, and as whom we speak to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from urllib.parse import quote, urlencode

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"  # generic in its stubs only
SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
CONNECT_DEADLINE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server's host and port, a user and its password. A `host` that begins with "/" is a unix socket's folder."""

    host: str
    port: int
    user: str
    password: str = ""
    ssl: SslMode = "disable"

    @property
    def socket(self) -> str:
        """The path of its unix socket; empty where it listens on TCP."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else ""

    def as_user(self, user: str, password: str) -> "Address":
        """The same server, as somebody else."""
        return replace(self, user=user, password=password)

    def dsn(self, database: str) -> str:
        """The libpq URL of one database."""
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        if self.socket:
            return f"postgresql://{who}@/{quote(database, safe='')}?{urlencode({'host': self.host, 'port': self.port})}"
        tail = "" if self.ssl == "disable" else f"?{urlencode({'sslmode': self.ssl})}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{who}@{host}:{self.port}/{quote(database, safe='')}{tail}"

    async def connect(self, database: str, settings: Mapping[str, str] | None = None) -> Connection:
        """Open a connection of ours; nothing of the environment's PG variables has a say in it."""
        return await asyncpg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or "",
            database=database,
            ssl=None if self.socket else self.ssl,
            timeout=CONNECT_DEADLINE,
            server_settings={"application_name": "hotfire", **(settings or {})},
        )
