"""What Redis's border passes on first and reads later is recorded as if it had been read first, and all arrives."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.model.perturbation import Script
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.lost_call import LostCall
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.redis import encode
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.redis import RedisSession
from tests.wire.redis_commands import TABLE
from tests.worlds.proxy.test_passing_on import Line
from tests.worlds.proxy.test_read_later import told

NEVER = {"dependency": "cache", "signature": "never said"}
OPEN = Script.of(Undisturbed())
SCRIPTS = [OPEN, *(Script.of(each(**NEVER)) for each in (Kill, LostCall, LostReply))]
PUSH = b">2\r\n+invalidate\r\n*1\r\n+a\r\n"


def said(*commands: str) -> bytes:
    return b"".join(encode(*command.encode().split()) for command in commands)


TALKS = [
    (said("SET a 1"), b"+OK\r\n"),
    (said("GET a"), PUSH + b"$1\r\n1\r\n" + PUSH),
    (said("MULTI", "INCR n", "GET a", "EXEC"), b"+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n$1\r\n1\r\n"),
    (said("AUTH secret"), b"+PONG\r\n"),
    (said("HELLO 3 AUTH ann secret"), b"%1\r\n+proto\r\n:3\r\n"),
    (b"GET a\r\n", b"$-1\r\n"),
    (said("SUBSCRIBE room"), b"*3\r\n+subscribe\r\n+room\r\n:1\r\n*3\r\n+message\r\n+room\r\n+hi\r\n"),
    (b"*1\r\n:1\r\n", b"-ERR Protocol error\r\n"),
]
Talks = list[tuple[int, int, int]]


def played(script: Script, talks: Talks) -> tuple[list[object], list[bytes]]:
    """What is recorded of talks (which session, which talk, where the bytes are cut), and what got through."""

    async def play() -> tuple[list[object], list[bytes]]:
        border = Border("cache", lambda _: None)
        clients, servers, sessions = [Line(), Line()], [Line(), Line()], []
        for client, server in zip(clients, servers, strict=True):
            session = RedisSession(border, lambda _: asyncio.sleep(0), TABLE)
            session.connection_made(client)  # type: ignore[arg-type]  # all of a transport that is used
            session.server_made(server)  # type: ignore[arg-type]
            sessions.append(session)
        window = border.arm(script, 0.0)
        for index, number, cut in talks:
            (asked, answered), session = TALKS[number], sessions[index]
            for part in (asked[:cut], asked[cut:]):
                if part:
                    session.data_received(part)
            for part in (answered[:cut], answered[cut:]):
                if part:
                    session.server_data(part)
        found: list[object] = [told(crossing.exchange()) for crossing in window.crossings]
        written = [(write.operation, write.table, write.call) for write in window.writes.get("cache", ())]
        lines = [bytes(line.written) for line in (*clients, *servers)]
        return [*found, *written, window.unread, [session.busy for session in sessions]], lines

    return asyncio.run(play())


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, len(TALKS) - 1), st.integers(0, 60)), max_size=8))
@settings(max_examples=150, deadline=None)
def test_the_record_is_the_same_under_every_script_that_does_nothing(talks: Talks) -> None:
    first, *others = [played(script, talks) for script in SCRIPTS]
    assert others == [first] * len(others)


def test_a_call_that_nobody_may_hold_is_with_the_server_at_once_and_counts_when_asked() -> None:
    recorded, (client, _, server, _) = played(OPEN, [(0, 1, 100)])
    asked, answered = TALKS[1]
    assert (server, client) == (asked, answered)
    (_, _, _, *what), *rest = recorded
    assert (what, rest) == (["GET a", True, "ok", "1 bytes"], ["", [False, False]])
