"""postgres: a PostgreSQL database behind a proxy, its changes told and undone by a change log inside of it.

`server` is "embedded" (a server of our own, for the length of the run), a folder of binaries, or a superuser's DSN.
Placeholders: {db.url}, {db.host}, {db.port}, {db.user}, {db.password}, {db.name}.
"""

import asyncio
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from hotfire.config import Dependency
from hotfire.errors import HotfireError
from hotfire.wire.postgres.demands import Demands, demands
from hotfire.wire.postgres.login import Login
from hotfire.wire.postgres.scram_server import Verifier
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.border import Border, Session, Signaller
from hotfire.worlds.proxy.certificate import Certificate
from hotfire.worlds.proxy.doorstep import Doorstep, Manner
from hotfire.worlds.proxy.reach import reach
from hotfire.worlds.proxy.session import PostgresSession
from hotfire.worlds.stores.address import Address
from hotfire.worlds.stores.postgres import PostgresStore, explain_error, prepare_template
from hotfire.worlds.stores.server import Server

PUBLIC = "hotfire"
"""The password of a server of ours, which only listens behind the seal: it protects nothing."""

DATABASE = "app"
"""What the service knows its database as; the border connects it to the world's own."""

RANGES = 100
"""How many sequences of a database have ranges that no other database of the run has."""

_PASSWORD = re.compile(r"(?<=//)[^/@]*@|(?<=[?&])password=[^&]*")  # of a DSN: nobody's terminal shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The server and its keys, and the world's own database, copied from `template` ("": it is the template)."""

    superuser: Address
    service: Address
    version: int
    database: str
    template: str


class PostgresGround:
    """A server, for the length of a run; `stops` says whether it ends with this ground, or is another's."""

    on_shelf: ClassVar[bool] = True
    filled = True

    def __init__(self, name: str, run: RunDirectory, server: Server, *, stops: bool, first: int) -> None:
        self._server = server
        self._first = first
        self._stops = stops
        self._prefix = f"hotfire_{run.run}_{name}_"
        # in a server of ours the same in every run, for `prepare` may read it
        self._template = f"hotfire_{name}_template" if server.own else f"{self._prefix}template"

    async def make_template(self) -> None:
        """Make the database that `prepare` fills."""
        await self._server.create_database(self._template)

    async def keep_template(self) -> None:
        """Put the change log into it."""
        await prepare_template(self._server, self._template, self._first)

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """Keep the server's data, with the template in it."""
        await reuse.keep(self._server, sealed=sealed)

    def grant(self, world: str) -> str:
        """The keys of the server, and the name of the world's database."""
        template = self._template
        grant = Grant(
            superuser=self._server.superuser,
            service=self._server.service,
            version=self._server.version,
            database=f"{self._prefix}{world}" if world else template,
            template=template if world else "",
        )
        return msgspec.json.encode(grant).decode()

    async def stop(self) -> None:
        """Stop a server of ours; on another's, drop what we made."""
        if self._stops:
            with suppress(OSError):
                await self._server.stop()


class PostgresHolding:
    """One database behind its border."""

    embedded = False
    public = PUBLIC

    def __init__(
        self, name: str, grant: Grant, port: int, run_directory: str, signal: Signaller, wanted: Demands
    ) -> None:
        self.border = Border(name, signal)
        self._grant = grant
        self._port = port
        self._run_directory = run_directory
        self._demands = wanted
        """What the service's configuration wants of the border besides being let in."""
        self._store: PostgresStore | None = None
        self._listener: asyncio.Server | None = None

    @property
    def store(self) -> PostgresStore:
        """The world's database."""
        assert self._store is not None  # noqa: S101  # it is opened before it is asked
        return self._store

    @property
    def fields(self) -> Mapping[str, str]:
        """The border's address, which the service takes for the server's."""
        user, password = self._grant.service.user, self._grant.service.password or PUBLIC
        return {
            "host": "127.0.0.1",
            "port": str(self._port),
            "user": user,
            "password": password,
            "name": DATABASE,
            "url": f"postgresql://{user}:{password}@127.0.0.1:{self._port}/{DATABASE}",
            "ca": str(self._certificate.authority),
        }

    @property
    def _certificate(self) -> Certificate:
        return Certificate.of(Path(self._run_directory), self.border.dependency)

    async def _manner(self) -> Manner | None:
        """How the border meets clients, where the configuration demands more than to be let in."""
        if self._demands == Demands():
            return None
        tls, password = self._demands.tls, self._grant.service.password or PUBLIC
        if tls:
            await self._certificate.make()
        return Manner(
            tls=self._certificate.context() if tls else None,
            end_point=self._certificate.end_point if tls else b"",
            verifier=Verifier.of(password, secrets.token_bytes(16)) if self._demands.password else None,
        )

    @property
    def settings(self) -> Mapping[str, str]:
        """Nothing: the address is all that a client needs."""
        return {}

    async def listen(self, zygote: Zygote) -> None:
        """Open the proxy's port behind the seal."""
        loop = asyncio.get_running_loop()
        address, manner = self._grant.service, await self._manner()

        async def connect(protocol: asyncio.Protocol) -> None:
            await reach(address, protocol)

        def session() -> asyncio.Protocol:
            login = Login(address.user, address.password, secrets.token_hex(12))
            session = PostgresSession(self.border, connect, self._grant.database, login)
            return Doorstep(self.border, manner, session) if manner else session

        self._listener = await loop.create_server(session, sock=await zygote.listen(self._port))

    async def open(self) -> None:
        """Copy the template into a database of this world's."""
        grant, run = self._grant, RunDirectory.join(Path(self._run_directory))
        server = await Server.join(run=run, superuser=grant.superuser, service=grant.service, version=grant.version)
        name = self.border.dependency
        self._store = await PostgresStore.open(
            name=name, database=grant.database, template=grant.template, server=server
        )

    async def imported(self) -> None:
        """What an import writes into a server's database is written again by nobody; `prepare` is the place for it."""

    async def waits_for(self, holder: Session) -> bool:
        """Ask the server who waits for whom."""
        blocked = await self.store.blocked_by(
            [session.process_id for session in self.border.busy() if session is not holder]
        )
        elsewhere = holder not in self.border.sessions
        return any(elsewhere or holder.process_id in blockers for blockers in blocked.values())

    def sights(self) -> dict[str, str]:
        """The database's DSN."""
        return {"dsn": self._grant.superuser.dsn(self._grant.database)}

    def explain(self, said: str) -> HotfireError | None:
        """What the database server refused."""
        return explain_error(said)

    async def deafen(self) -> None:
        """Close the port, and wait until the server has ended what was open."""
        self.border.cut_all()
        await self.border.drained(10.0)
        if self._listener:
            self._listener.close()


class Postgres:
    """The kind `postgres`."""

    kind: ClassVar[str] = "postgres"
    port: ClassVar[int] = 5432

    def __init__(self) -> None:
        self._running: dict[tuple[str, str], Server] = {}
        self._begun: Counter[str] = Counter()

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> PostgresGround:
        """Start the server, or connect to it; two databases of one run that name the same server share it.

        A run begins its dependencies one after the other.
        """
        place = (run.run, dependency.server)
        stops = place not in self._running
        if stops:
            self._running[place] = await reuse.start(lambda fill: Server.start(dependency.server, run, fill=fill))
        self._begun[run.run] += 1
        first = 1 + (self._begun[run.run] - 1) * RANGES
        return PostgresGround(dependency.name, run, self._running[place], stops=stops, first=first)

    def says(self, dependency: Dependency) -> str:
        """Which server, without its password."""
        return f"starting the database server ({_PASSWORD.sub('', dependency.server)})"

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> PostgresHolding:
        """One world's database."""
        keys, wanted = msgspec.json.decode(grant, type=Grant), demands(environment, name)
        return PostgresHolding(name, keys, port, run_directory, signal, wanted)
