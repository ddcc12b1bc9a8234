"""A border keeps little of a long stream: whoever writes faster than the other end reads is not read meanwhile."""

import asyncio
from dataclasses import replace

from hotfire.model.action import FORWARD, Hold, Reset
from hotfire.model.perturbation import Script
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.postgres.login import Login
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.flow import MOST
from hotfire.worlds.proxy.relay import ServerEnd
from hotfire.worlds.proxy.session import PostgresSession
from tests.worlds.proxy.test_passing_on import ASKED, LOGGED_IN, Line, message

ROWS = message(b"T", b"\0" * 40) + message(b"D", b"x" * (1 << 20))
END = message(b"C", b"SELECT 1\0") + message(b"Z", b"I")
INVITED, COPY_DONE = message(b"G", bytes(3)), message(b"c", b"")
COPIED = message(b"d", b"1\n" * (1 << 19))


class End(Line):
    """A line that says whether it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = True
        self.closing = False

    def pause_reading(self) -> None:
        self.read = False

    def resume_reading(self) -> None:
        self.read = True

    def is_closing(self) -> bool:
        return self.closing

    def setsockopt(self, *_: object) -> None:
        """Nothing: it is a socket, too."""

    def abort(self) -> None:
        self.closing = True

    def write_eof(self) -> None:
        """Nothing more comes."""


def between() -> tuple[Border, PostgresSession, End, End]:
    """A session that stands, its service's end and its server's."""
    border, client, server = Border("db", lambda _: None), End(), End()
    session = PostgresSession(border, None, "app", Login("user", "", "nonce"))  # type: ignore[arg-type]  # never called
    session.connection_made(client)  # type: ignore[arg-type]  # all of a transport that is used
    session.server_made(server)  # type: ignore[arg-type]
    session.server_data(LOGGED_IN)
    client.written.clear()
    return border, session, client, server


OPEN = Script.of(Undisturbed())
HELD = replace(OPEN, on_call=lambda _: Hold(), gates_calls=True)
LOST = replace(OPEN, on_reply=lambda _: Reset(), gates_replies=True)
JUDGED = replace(OPEN, on_reply=lambda _: FORWARD, gates_replies=True)


async def slow_ends() -> None:
    border, session, client, server = between()
    border.arm(OPEN, 0.0)
    end = ServerEnd(session)
    end.pause_writing()
    assert not client.read, "the server reads slowly: a COPY in waits in the service"
    end.resume_writing()
    assert client.read
    session.pause_writing()
    assert not server.read, "the service reads slowly: a large answer waits in the server"
    session.connection_lost(None)
    assert server.read, "else nobody hears that the server has ended the session"


async def held_call() -> None:
    border, session, client, server = between()
    border.arm(HELD, 0.0)
    session.data_received(ASKED)
    copied = 0
    while client.read:
        session.data_received(COPIED)
        copied += 1
    assert copied == MOST // len(COPIED) + 1
    assert server.written == b""
    border.window.script = OPEN  # type: ignore[union-attr]  # it is armed
    border.release()
    assert client.read
    assert server.written == ASKED + COPIED * copied


async def long_reply() -> None:
    border, session, client, _ = between()
    border.arm(LOST, 0.0)
    session.data_received(ASKED)
    for _ in range(9):
        session.server_data(ROWS)
    passed = len(client.written)
    assert 8 * len(ROWS) - MOST <= passed + len(ROWS) <= 9 * len(ROWS)
    session.server_data(END)
    assert client.closing
    assert len(client.written) == passed, "what ends the answer was never said"


async def short_reply() -> None:
    border, session, client, _ = between()
    border.arm(JUDGED, 0.0)
    session.data_received(ASKED)
    session.server_data(ROWS)
    assert client.written == b"", "it is judged before anything of it goes on"
    session.server_data(END)
    assert client.written == ROWS + END


async def copy_in() -> None:
    border, session, client, server = between()
    border.arm(JUDGED, 0.0)
    session.data_received(ASKED)
    session.server_data(INVITED)
    assert client.written == INVITED, "the client says nothing before it is invited to"
    session.data_received(COPIED + COPY_DONE)
    session.server_data(END)
    assert (server.written, client.written) == (ASKED + COPIED + COPY_DONE, INVITED + END)


def test_a_copy_in_is_invited_though_its_reply_may_be_lost() -> None:
    asyncio.run(copy_in())


def test_whoever_writes_faster_than_the_other_end_reads_is_not_read_meanwhile() -> None:
    asyncio.run(slow_ends())


def test_behind_a_call_that_is_held_no_more_is_kept_than_a_bound() -> None:
    asyncio.run(held_call())


def test_a_long_reply_that_may_be_lost_goes_on_but_for_its_end() -> None:
    asyncio.run(long_reply())


def test_a_short_one_waits_for_its_end() -> None:
    asyncio.run(short_reply())
