"""What is passed on first and read later is recorded as if it had been read first, and is there whenever one asks."""

import asyncio
import struct
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.model.call import Exchange
from hotfire.model.perturbation import Script
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.lost_call import LostCall
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.postgres.login import Login
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.session import PostgresSession
from tests.worlds.proxy.test_passing_on import LOGGED_IN, Line, message

NEVER = {"dependency": "db", "signature": "never said"}
OPEN, GATING_BOTH = Script.of(Undisturbed()), Script.of(Kill(**NEVER))
SCRIPTS = [OPEN, GATING_BOTH, Script.of(LostCall(**NEVER)), Script.of(LostReply(**NEVER))]
READY = {status: message(b"Z", status) for status in (b"I", b"T")}
SYNC = message(b"S", b"")


def query(text: bytes, tag: bytes, status: bytes) -> tuple[bytes, bytes]:
    return message(b"Q", text + b"\0"), message(b"C", tag + b"\0") + READY[status]


def extended(text: bytes, tag: bytes, status: bytes) -> tuple[bytes, bytes]:
    asked = message(b"P", b"\0" + text + b"\0\0\0") + message(b"B", bytes(8)) + message(b"E", bytes(5))
    return asked + SYNC, message(b"1", b"") + message(b"2", b"") + message(b"C", tag + b"\0") + READY[status]


TALKS = [
    query(b"BEGIN", b"BEGIN", b"T"),
    query(b"COMMIT", b"COMMIT", b"I"),
    extended(b"INSERT INTO posts VALUES (1)", b"INSERT 0 1", b"I"),
    extended(b"SELECT 1", b"SELECT 1", b"T"),
    (SYNC, READY[b"I"]),
]


class Pair:
    """Two sessions of one border, logged in, with their four lines."""

    def __init__(self) -> None:
        self.border = Border("db", lambda _: None)
        self.clients, self.servers = [Line(), Line()], [Line(), Line()]
        self.sessions = [self._session(index) for index in range(2)]

    def _session(self, index: int) -> PostgresSession:
        login = Login("user", "", "nonce")
        session = PostgresSession(self.border, None, "app", login)  # type: ignore[arg-type]  # never called
        session.connection_made(self.clients[index])  # type: ignore[arg-type]  # all of a transport that is used
        session.server_made(self.servers[index])  # type: ignore[arg-type]
        key = message(b"K", struct.pack("!II", 100 + index, 7))
        session.server_data(LOGGED_IN[:9] + key + LOGGED_IN[9:])
        return session


def told(exchange: Exchange) -> tuple[object, ...]:
    call = exchange.call
    return call.number, call.point, call.connection, call.text, call.executes, exchange.outcome, exchange.detail


def played(script: Script, talks: list[tuple[int, int, int]]) -> tuple[list[object], list[bytes]]:
    """What is recorded of talks (which session, which talk, where the client's bytes are cut), and what got through."""

    async def play() -> tuple[list[object], list[bytes]]:
        pair = Pair()
        window = pair.border.arm(script, 0.0)
        for index, number, cut in talks:
            (asked, answered), session = TALKS[number], pair.sessions[index]
            for part in (asked[:cut], asked[cut:]):
                if part:
                    session.data_received(part)
            session.server_data(answered[:cut])
            session.server_data(answered[cut:])
        crossings = window.crossings
        pids: list[object] = [(crossing.process_id, crossing.durable) for crossing in crossings]
        lines = [bytes(line.written) for line in (*pair.clients, *pair.servers)]
        return [*(told(crossing.exchange()) for crossing in crossings), *pids], lines

    return asyncio.run(play())


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, len(TALKS) - 1), st.integers(0, 60)), max_size=8))
@settings(max_examples=150, deadline=None)
def test_the_record_is_the_same_under_every_script_that_does_nothing(talks: list[tuple[int, int, int]]) -> None:
    first, *others = [played(script, talks) for script in SCRIPTS]
    assert others == [first] * len(others)


def in_loop(test: Callable[[], None]) -> None:
    async def run() -> None:
        test()

    asyncio.run(run())


def test_a_call_that_nobody_may_hold_is_with_the_server_at_once_and_counts_when_asked() -> None:
    def play() -> None:
        pair = Pair()
        window = pair.border.arm(OPEN, 0.0)
        pair.sessions[0].data_received(TALKS[0][0])
        assert pair.servers[0].written == TALKS[0][0]
        assert [session.process_id for session in pair.border.busy()] == [100]
        assert [crossing.call.text for crossing in window.crossings] == ["BEGIN"]

    in_loop(play)


def test_a_half_call_stays_until_it_is_whole() -> None:
    def play() -> None:
        pair = Pair()
        asked = TALKS[2][0]
        pair.border.arm(OPEN, 0.0)
        pair.sessions[0].data_received(asked[:-5])  # whole messages, without the Sync
        assert not pair.servers[0].written
        pair.sessions[0].data_received(asked[-5:])
        assert pair.servers[0].written == asked

    in_loop(play)


def test_what_crossed_before_a_step_is_none_of_its_calls() -> None:
    def play() -> None:
        pair = Pair()
        pair.sessions[0].data_received(TALKS[0][0])
        pair.sessions[0].server_data(TALKS[0][1])
        window = pair.border.arm(GATING_BOTH, 0.0)
        assert window.crossings == []
        pair.sessions[0].data_received(TALKS[1][0])
        assert [crossing.call.point.signature for crossing in window.crossings] == ["BEGIN; COMMIT"]
        pair.sessions[0].server_data(TALKS[1][1])
        pair.border.disarm()
        pair.sessions[0].data_received(TALKS[0][0])
        assert [crossing.outcome for crossing in window.crossings] == ["ok"]

    in_loop(play)


def test_whoever_waits_for_rest_hears_of_it() -> None:
    async def play() -> tuple[int, ...]:
        pair = Pair()
        pair.border.arm(OPEN, 0.0)
        pair.sessions[1].data_received(TALKS[2][0])
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(pair.border.rested(deadline=30.0))
            await asyncio.sleep(0)
            assert not waiting.done()
            pair.sessions[1].server_data(TALKS[2][1])
        return waiting.result()

    assert asyncio.run(play()) == ()


def test_a_long_copy_is_read_on_its_way() -> None:
    def play() -> None:
        pair = Pair()
        window = pair.border.arm(OPEN, 0.0)
        pair.sessions[0].data_received(message(b"Q", b"COPY posts TO STDOUT\0"))
        rows = message(b"d", bytes(65_000)) * 20
        pair.sessions[0].server_data(rows)
        assert len(window.numbered) == 1  # without asking
        assert pair.clients[0].written.endswith(rows)

    in_loop(play)
