"""What the server says reaches the client whole and in order, whether it is passed on first or held to be judged."""

import asyncio
import os
import socket
import struct
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.model.perturbation import Script
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.postgres.login import Login
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.outlet import Outlet
from hotfire.worlds.proxy.session import PostgresSession


@dataclass
class Line:
    """A transport that keeps what is written; its kernel takes nothing at once."""

    written: bytearray = field(default_factory=bytearray)
    waiting: int = 1

    def get_extra_info(self, _name: str) -> object:
        return self

    def fileno(self) -> int:
        return -1

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        self.written += data


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


ASKED = message(b"Q", b"SELECT 1\0")
ANSWER = message(b"T", b"\0" * 40) + message(b"D", b"x" * 30) + message(b"C", b"SELECT 1\0") + message(b"Z", b"I")
LOGGED_IN = message(b"R", bytes(4)) + message(b"Z", b"I")
GATING = Script.of(LostReply(dependency="db", signature="never said", occurrence=1))
OPEN = Script.of(Undisturbed())


async def passed_on(calls: list[bool], cuts: list[int]) -> tuple[bytes, bytes]:
    """What the client got, and what the server said: a call under each script, the answers cut into chunks."""
    border = Border("db", lambda _: None)
    client, server = Line(), Line()
    session = PostgresSession(border, None, "app", Login("user", "", "nonce"))  # type: ignore[arg-type]  # never called
    session.connection_made(client)  # type: ignore[arg-type]  # all of a transport that is used
    session.server_made(server)  # type: ignore[arg-type]
    session.server_data(LOGGED_IN)
    said = bytes(client.written)
    for gates, cut in zip(calls, cuts, strict=False):
        border.arm(GATING if gates else OPEN, 0.0)
        session.data_received(ASKED)
        said += ANSWER
        session.server_data(ANSWER[:cut])
        border.arm(OPEN if gates else GATING, 0.0)  # in the middle of a message
        session.server_data(ANSWER[cut:])
    return bytes(client.written), said


@given(st.lists(st.booleans(), max_size=6), st.lists(st.integers(1, len(ANSWER) - 1), min_size=6, max_size=6))
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost_or_said_twice(calls: list[bool], cuts: list[int]) -> None:
    got, said = asyncio.run(passed_on(calls, cuts))
    assert got == said


def test_what_the_kernel_does_not_take_follows_in_order() -> None:
    async def play() -> bytes:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
        outlet, parts = Outlet(transport), [os.urandom(150_000), b"then this", os.urandom(400_000), b"end"]
        for part in parts:
            outlet.send(part)
        received = bytearray()
        while len(received) < sum(map(len, parts)):
            received += await asyncio.get_running_loop().sock_recv(theirs, 65536)
        transport.close()
        outlet.send(b"nowhere")
        theirs.close()
        assert bytes(received) == b"".join(parts)
        return bytes(received)

    asyncio.run(play())
