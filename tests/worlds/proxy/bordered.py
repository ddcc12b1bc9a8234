"""A border that listens on TCP, in a thread and loop of its own, for clients that are as they come."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import uvloop

from hotfire.errors import SetupError
from hotfire.wire.postgres.login import Login
from hotfire.wire.postgres.scram_server import Verifier
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.proxy.border import Border, Window
from hotfire.worlds.proxy.certificate import Certificate
from hotfire.worlds.proxy.doorstep import Doorstep, Manner
from hotfire.worlds.proxy.reach import reach
from hotfire.worlds.proxy.session import PostgresSession
from hotfire.worlds.stores.address import Address
from hotfire.worlds.stores.binaries import find_binaries
from hotfire.worlds.stores.server import Server

T = TypeVar("T")
PASSWORD = "0a1b2c3d"


class Loop:
    """A loop in a thread; what is asked of it is awaited outside."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def __call__(self, work) -> T:
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Bordered:
    """The border, and the port where it listens."""

    def __init__(self, loop: Loop, border: Border, listener: asyncio.Server) -> None:
        self.loop = loop
        self.border = border
        self.port = listener.sockets[0].getsockname()[1]

    def arm(self, script) -> Window:
        async def arm() -> Window:
            return self.border.arm(script, 0.0)

        return self.loop(arm())

    def crossings(self, window: Window):
        async def read():
            return [crossing.exchange() for crossing in window.crossings]

        return self.loop(read())

    def calm(self) -> None:
        """The fault is gone."""

        async def calm() -> None:
            self.border.calm()

        self.loop(calm())

    def settled(self) -> bool:
        """Whether all connections have ended at both ends."""
        return self.loop(self.border.drained(20.0))


@contextmanager
def bordered(loop: Loop, address: Address, database: str, manner: Manner | None, signaller=lambda _: None):
    """A border in front of a server, for the length of a block."""
    border = Border("db", signaller)

    def session() -> asyncio.Protocol:
        login = Login(address.user, address.password, secrets.token_hex(12))
        inner = PostgresSession(border, lambda protocol: reach(address, protocol), database, login)
        return Doorstep(border, manner, inner) if manner else inner

    with listening(loop, border, session) as bordered:
        yield bordered


@contextmanager
def listening(loop: Loop, border: Border, session: Callable[[], asyncio.Protocol]) -> Iterator["Bordered"]:
    """A border whose sessions are these, on a port of its own, for the length of a block."""

    async def listen() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)

    async def end(listener: asyncio.Server) -> None:
        border.cut_all()
        await border.drained(10.0)
        listener.close()

    listener = loop(listen())
    try:
        yield Bordered(loop, border, listener)
    finally:
        loop(end(listener))


@contextmanager
def embedded(loop: Loop, database: str) -> Iterator[Server]:
    """A server of ours with a database of this name, for the length of a block; without its programs, a skip."""
    try:
        find_binaries("embedded")
    except SetupError as error:
        pytest.skip(str(error))
    run = RunDirectory.open()
    server = loop(Server.start("embedded", run))
    loop(server.create_database(database))
    yield server
    loop(server.stop())
    run.close()


def manner_of(loop: Loop, folder: Path, *, tls: bool = True, password: bool = False) -> Manner:
    """How a border of the dependency db meets clients; its authority lies in `folder`."""
    certificate = Certificate.of(folder, "db")
    loop(certificate.make())
    return Manner(
        tls=certificate.context() if tls else None,
        end_point=certificate.end_point if tls else b"",
        verifier=Verifier.of(PASSWORD, b"salt") if password else None,
    )


@contextmanager
def looping() -> Iterator[Loop]:
    """A loop for the length of a block."""
    loop = Loop()
    try:
        yield loop
    finally:
        loop.close()
