"""A case's service, served to another tool: in a world of ours, with its own database, by a line into its seal.

Nothing is perturbed and nothing recorded: the borders pass all on. What the tool changes is thrown away with the world.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass

from hotfire.model.declaration import Declarations
from hotfire.worlds.build import build
from hotfire.worlds.driver.http import Request
from hotfire.worlds.driver.load import load
from hotfire.worlds.launchpad import Launchpad, Site
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.stand import Stand
from hotfire.worlds.world import LocalWorld

_DOCUMENTS = ("/openapi.json", "/schema/openapi.json")  # where FastAPI and Litestar publish it
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """`document` is the URL of the OpenAPI document; `users` are the headers of two of a role, or of one, by actor."""

    document: str
    users: Mapping[str, Mapping[str, str]]


@asynccontextmanager
async def served(site: Site, nursery: Nursery) -> AsyncIterator[Served | None]:
    """Serve it after one play of each critical path, as a database in use is never empty; None without a document."""
    pad = await Launchpad.open(site, 1, nursery, seed=0, say=lambda _: None)
    try:
        world = await build(pad._opening("beside"))
        try:
            declarations = load(site.launch)
            earned: dict[str, Mapping[str, str]] = {}
            for path in declarations.paths:
                await world.survey(path)
                earned |= _earned(world)
            async with _line(world._stand) as url:
                document = await _document(world._stand)
                yield Served(document=f"{url}{document}", users=_users(declarations, earned)) if document else None
        finally:
            for holding in world._stand.holdings.values():
                await holding.deafen()  # a world's own process would end with its listeners
            await world.close()
    finally:
        await pad.close()


def _users(declarations: Declarations, earned: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Two of one role, whose objects must stay apart; where no role has two, one who signed in; else nobody."""
    pairs = ((actor, peer) for actor in earned for peer in declarations.peers(actor) if peer in earned)
    return {name: earned[name] for name in next(pairs, tuple(earned)[:1])}


def _earned(world: LocalWorld) -> dict[str, Mapping[str, str]]:
    """What the sign-ins of the last play earned: headers, cookies among them."""
    found: dict[str, Mapping[str, str]] = {}
    for actor, earned in next(iter(world.credentials), {}).items():
        cookies = earned.cookies.header("/")
        headers = {**earned.headers, **({"Cookie": cookies} if cookies else {})}
        if headers:
            found[actor] = headers
    return found


async def _document(stand: Stand) -> str:
    """Where the service publishes its OpenAPI document, else ""."""
    for target in _DOCUMENTS:
        request = Request(method="GET", target=target, headers=((b"host", b"127.0.0.1"),), body=b"")
        if (await stand.ask(request, deadline=5.0)).status == 200:
            return target
    return ""


@asynccontextmanager
async def _line(stand: Stand) -> AsyncIterator[str]:
    """A port of this machine's own that leads to the service behind its seal."""
    await stand.start("clean")

    async def passes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = stand.zygote.socket()
        with closing(writer):
            try:
                await asyncio.get_running_loop().sock_connect(behind, ("127.0.0.1", stand.port))
            except OSError:  # the service has gone: so does its client's line
                behind.close()
                return
            answers, asks = await asyncio.open_connection(sock=behind)
            with closing(asks):
                await asyncio.gather(_pump(reader, asks), _pump(answers, writer))

    listener = socket.create_server(("127.0.0.1", 0))
    async with await asyncio.start_server(passes, sock=listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    await stand.stop()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, until its end."""
    with suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        writer.close()
