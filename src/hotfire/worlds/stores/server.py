"""A Postgres server to test in: one of ours, started for the run, or one that a superuser's DSN names.

Databases that we make carry a comment with the run's id. Only what carries it is ever dropped. DESIGN section 7.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from hotfire.errors import SetupError
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.stores.address import Address, Connection, leave
from hotfire.worlds.stores.cluster import Fill
from hotfire.worlds.stores.foreign import attach, drop_database, drop_role, mark_of, names_foreign, quoted, role_of
from hotfire.worlds.stores.own import AtRest, OwnServer
from hotfire.worlds.stores.room import FULL

ROLE = "service"
CHOOSES_STRATEGY = 15  # the first version where CREATE DATABASE has a strategy; before, it is a copy of files


class Server:
    """A running server, and the databases in it that are ours."""

    def __init__(
        self, *, run: RunDirectory, admin: Connection, superuser: Address, service: Address, version: int, dsn: str = ""
    ) -> None:
        self.version = version
        self.superuser = superuser
        self.service = service
        self._run = run
        self._admin = admin
        self._dsn = dsn
        self._own: OwnServer | None = None
        self._joined = False
        self._made: set[str] = set()
        self._turn = asyncio.Lock()

    @classmethod
    async def start(cls, server: str, run: RunDirectory, role: str = ROLE, fill: Fill | None = None) -> "Server":
        """Start (or connect to) what the configuration names: "embedded", a directory of binaries, or a DSN.

        `fill` makes the data directory of a server of ours, with the role in it. Call it on the thread that lives as
        long as the server: the death of the thread takes the server along.
        """
        if names_foreign(server):
            return await cls._attach(server, run)
        own, admin = await OwnServer.start(server, run, fill)
        service = own.address.as_user(role, "")
        self = cls(run=run, admin=admin, superuser=own.address, service=service, version=own.version)
        self._own = own
        if fill is None:
            await admin.execute(f"CREATE ROLE {quoted(role)} LOGIN")
        return self

    @classmethod
    async def _attach(cls, dsn: str, run: RunDirectory) -> "Server":
        address, admin, version = await attach(dsn)
        service = address.as_user(role_of(run.run), secrets.token_hex(16))
        self = cls(run=run, admin=admin, superuser=address, service=service, version=version, dsn=dsn)
        await admin.execute(f"CREATE ROLE {quoted(service.user)} LOGIN PASSWORD '{service.password}'")
        return self

    @classmethod
    async def join(cls, *, run: RunDirectory, superuser: Address, service: Address, version: int) -> "Server":
        """Use, in a world's process, the server that another process of the run started; it stays the other's."""
        admin = await superuser.connect("postgres")
        dsn = "" if superuser.host.startswith(f"{run.path}/") else superuser.dsn("postgres")
        self = cls(run=run, admin=admin, superuser=superuser, service=service, version=version, dsn=dsn)
        self._joined = True
        return self

    @property
    def own(self) -> bool:
        """Whether it is one of ours, which ends with the run."""
        return self._own is not None

    @property
    def socket(self) -> str:
        """The path of the server's unix socket; empty where it listens on TCP."""
        return self.superuser.socket

    def dsn(self, database: str) -> str:
        """The libpq URL of a database for the service's own, plain role."""
        return self.service.dsn(database)

    async def create_database(self, name: str, template: str = "", owner: str = "") -> None:
        """Make a database of ours, owned by the service's role: empty, or a copy of a template of ours."""
        if self._dsn:
            self._run.mark_database(self._dsn, name)  # before it is there: a kill in between leaves nothing unmarked
        words = [f"CREATE DATABASE {quoted(name)} OWNER {quoted(owner or self.service.user)}"]
        words.append(f"TEMPLATE {quoted(template or 'template0')}")
        if self.version >= CHOOSES_STRATEGY:
            words.append("STRATEGY FILE_COPY")
        async with self._turn:
            try:
                await self._admin.execute(" ".join(words))
            except asyncpg.DuplicateDatabaseError as error:
                hint = "hotfire never uses a database that it did not make: drop it, or choose another name"
                raise SetupError(f"a database named {name} is there already", hint=hint) from error
            except asyncpg.DiskFullError as error:
                raise SetupError("there is no room left where the test databases lie", hint=FULL) from error
            self._made.add(name)
            await self._admin.execute(f"COMMENT ON DATABASE {quoted(name)} IS '{mark_of(self._run.run)}'")

    async def drop_database(self, name: str) -> None:
        """Drop a database of ours, with whatever is connected to it; one that is not ours is refused (SetupError)."""
        async with self._turn:
            await drop_database(self._admin, name, self._run.run)
            self._made.discard(name)

    async def rest(self, meanwhile: AtRest) -> None:
        """Shut a server of ours down in order, let `meanwhile` have its data directory, and start it again."""
        if self._own is None:
            return
        async with self._turn:
            await leave(self._admin)
            self._admin = await self._own.rest(meanwhile)

    async def stop(self) -> None:
        """End a server of ours; on one that is not ours, drop what we made. Where we only joined, disconnect."""
        if self._own is None:
            for name in sorted(self._made):
                await self.drop_database(name)
            if not self._joined:
                await drop_role(self._admin, self._run.run)
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await leave(self._admin)
        if self._own is not None:
            await self._own.stop()


@asynccontextmanager
async def serving(server: str, run: RunDirectory, role: str = ROLE) -> AsyncIterator[Server]:
    """A server for the length of a block."""
    running = await Server.start(server, run, role)
    try:
        yield running
    finally:
        await running.stop()
