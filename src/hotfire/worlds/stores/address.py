"""Where a server answers, and as whom we speak to it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from ssl import CERT_NONE, SSLContext, create_default_context
from typing import Literal, TypeAlias
from urllib.parse import quote, urlencode

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"  # generic in its stubs only
SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
CONNECT_DEADLINE = 10.0
_OURS_DEADLINE = 60.0  # seconds: a server of ours is there, and answers late where cores are scarce
_LEAVE_DEADLINE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server's host and port, a user and its password. A `host` that begins with "/" is a unix socket's folder.

    `root` is libpq's sslrootcert: the file of the authorities that may have signed the server's certificate, "system"
    for those of the machine.
    """

    host: str
    port: int
    user: str
    password: str = ""
    ssl: SslMode = "disable"
    root: str = ""

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
        query = {"sslmode": self.ssl} | ({"sslrootcert": self.root} if self.root else {})
        tail = "" if self.ssl == "disable" else f"?{urlencode(query)}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{who}@{host}:{self.port}/{quote(database, safe='')}{tail}"

    def context(self) -> SSLContext | None:
        """The TLS to speak to it, as libpq would for this sslmode; None: the line is clear.

        Raises:
            OSError: `root` cannot be read.
        """
        if self.socket or self.ssl in {"disable", "allow", "prefer"}:
            return None
        context = create_default_context(cafile=None if self.root in {"", "system"} else self.root)
        context.check_hostname = self.ssl == "verify-full"
        if self.ssl == "require" and not self.root:
            context.verify_mode = CERT_NONE
        return context

    async def connect(self, database: str, settings: Mapping[str, str] | None = None) -> Connection:
        """Open a connection of ours; nothing of the environment's PG variables has a say in it."""
        return await asyncpg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or "",
            database=database,
            ssl=None if self.socket else self.context() or self.ssl,
            timeout=_OURS_DEADLINE if self.socket else CONNECT_DEADLINE,
            server_settings={"application_name": "hotfire", **(settings or {})},
        )


async def leave(connection: Connection) -> None:
    """Disconnect. From a server that is too busy to take leave of us we are gone all the same."""
    with suppress(TimeoutError):
        await connection.close(timeout=_LEAVE_DEADLINE)
