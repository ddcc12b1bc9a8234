"""A benched service, on a server of ours: worlds, and bare copies that differ in what stands between.

bare      straight to a database without a change log: the service as its team runs it
straight  straight to a database with a change log
bordered  to the same database through a border, over the same kind of socket

FastAPI has two worlds and all three copies; the others one world and the bare copy, for the figures of a trial alone.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

from hotfire.config import Config, parse
from hotfire.wire.postgres.login import Login
from hotfire.worlds.dependencies.postgres import Grant
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.session import PostgresSession
from hotfire.worlds.remote import RemoteWorld
from hotfire.worlds.stores.postgres.template import prepare_template
from hotfire.worlds.stores.server import Server
from hotfire.worlds.telegram import Opening
from tests.bench.bare import Bare
from tests.bench.benched import FASTAPI, Benched

TEMPLATE, PLAIN, WATCHED = "bench_template", "bench_plain", "bench_watched"


@dataclass(slots=True, kw_only=True)
class Pad:
    """What is measured."""

    benched: Benched
    config: Config
    run: RunDirectory
    server: Server
    border: Border
    worlds: list[RemoteWorld] = field(default_factory=list)
    bare: dict[str, Bare] = field(default_factory=dict)

    @property
    def server_pid(self) -> int:
        """The database server's first process."""
        return self.server._own._process.pid if self.server._own else 0


@asynccontextmanager
async def standing(run: RunDirectory, nursery: Nursery, benched: Benched = FASTAPI) -> AsyncIterator[Pad]:
    """All of it, for the length of a block."""
    config = parse((benched.folder / "pyproject.toml").read_text(), "pyproject.toml")
    server = await Server.start("embedded", run)
    pad = Pad(benched=benched, config=config, run=run, server=server, border=Border("db", lambda _: None))
    try:
        await _databases(server, benched)
        listener, through = await _listen(pad)
        await _open(pad, nursery, through)
        yield pad
        listener.close()
    finally:
        for service in pad.bare.values():
            service.close()
        pad.border.cut_all()
        await asyncio.gather(*(world.close() for world in pad.worlds), return_exceptions=True)
        await server.stop()


async def _databases(server: Server, benched: Benched) -> None:
    await server.create_database(TEMPLATE)
    prepare = await asyncio.create_subprocess_exec(
        sys.executable,
        "prepare.py",
        cwd=benched.folder,
        env={**os.environ, "DATABASE_URL": _url(benched, server.dsn(TEMPLATE))},
    )
    if await prepare.wait():
        raise RuntimeError("prepare.py failed")
    await server.create_database(PLAIN, template=TEMPLATE)
    await prepare_template(server, TEMPLATE)
    await server.create_database(WATCHED, template=TEMPLATE)


def _url(benched: Benched, dsn: str) -> str:
    """As the service wants it, over the server's unix socket."""
    return dsn.replace("postgresql://", benched.scheme, 1)


async def _listen(pad: Pad) -> tuple[asyncio.Server, str]:
    """A border behind a unix socket, as the server is: nothing but the border stands between."""
    loop = asyncio.get_running_loop()
    folder = pad.run.path / "border"
    folder.mkdir()

    async def connect(protocol: asyncio.Protocol) -> object:
        return await loop.create_unix_connection(lambda: protocol, pad.server.socket)

    def session() -> PostgresSession:
        return PostgresSession(pad.border, connect, WATCHED, Login(pad.server.service.user, "", "nonce"))

    listener = await loop.create_unix_server(session, str(folder / ".s.PGSQL.5432"))
    return listener, f"postgresql://{pad.server.service.user}@/{WATCHED}?host={folder}&port=5432"


async def _open(pad: Pad, nursery: Nursery, through: str) -> None:
    dsns, count = {"bare": pad.server.dsn(PLAIN)}, 1
    if pad.benched is FASTAPI:
        dsns, count = {**dsns, "straight": pad.server.dsn(WATCHED), "bordered": through}, 2
    pad.bare = {name: Bare.start(pad.benched, _url(pad.benched, dsn)) for name, dsn in dsns.items()}
    pad.worlds = [RemoteWorld(f"w{index}", nursery) for index in range(count)]
    async with asyncio.TaskGroup() as tasks:
        for world in pad.worlds:
            tasks.create_task(_open_world(pad, world))
        for service in pad.bare.values():
            tasks.create_task(service.ready())


async def _open_world(pad: Pad, world: RemoteWorld) -> None:
    await world.launch()
    pad.run.mark_process(world.pid)
    await world.open(_opening(pad, world.name))


def _opening(pad: Pad, name: str) -> Opening:
    grant = Grant(
        superuser=pad.server.superuser,
        service=pad.server.service,
        version=pad.server.version,
        database=f"bench_{name}",
        template=TEMPLATE,
    )
    return Opening(
        name=name,
        config=pad.config,
        project=str(pad.benched.folder),
        launch=str(pad.benched.launch),
        python=sys.executable,
        run_directory=str(pad.run.path),
        grants={"db": msgspec.json.encode(grant).decode()},
    )
