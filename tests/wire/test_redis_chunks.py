"""Any messages, cut into any chunks, are read as they are whole: also those that no client would send in this order."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotfire.wire.redis import Ask, Dialogue, Done, Frames, encode, is_whole, scan_client, scan_server
from tests.wire.redis_commands import TABLE
from tests.wire.test_postgres_chunks import cut

COMMANDS = ["SET a 1", "GET a", "MULTI", "EXEC", "DISCARD", "WATCH a", "BLPOP a 0", "HELLO 3", "SUBSCRIBE a", "RESET"]
CLIENT = [
    *(encode(*command.encode().split()) for command in COMMANDS),
    encode(b"SET", b"a", b"\r\n*1\r\n$4\r\nEXEC\r\n"),
    *(b"GET a\r\n", b"\r\n", b"*0\r\n", b"*-1\r\n", b"PING\n"),
]
SERVER = [
    *(b"+OK\r\n", b"+QUEUED\r\n", b"-ERR no\r\n", b":1\r\n", b"$-1\r\n", b"*-1\r\n", b"_\r\n", b"#f\r\n", b",1.5\r\n"),
    *(b"$4\r\n\r\n+O\r\n", b"!5\r\nERR x\r\n", b"=7\r\ntxt:abc\r\n", b"(12345678901234567890\r\n"),
    *(b"*2\r\n*1\r\n:1\r\n$1\r\na\r\n", b"*0\r\n", b"%2\r\n+a\r\n:1\r\n+b\r\n*0\r\n", b"~1\r\n+a\r\n"),
    *(b"|1\r\n+a\r\n:1\r\n:2\r\n", b">2\r\n+x\r\n+y\r\n", b"*1\r\n|1\r\n+a\r\n:1\r\n+OK\r\n"),
]
SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=5)
TURNS = st.lists(
    st.tuples(st.lists(st.sampled_from(CLIENT), max_size=8), st.lists(st.sampled_from(SERVER), max_size=8))
)
NO_ARRAY = ([encode(b"MULTI"), encode(b"EXEC")], [b"+OK\r\n", b"$4\r\n\r\n+O\r\n"])  # to EXEC
Turns = list[tuple[list[bytes], list[bytes]]]


def read(turns: Turns, sizes: list[int]) -> list[tuple[bytes, Ask] | Done]:
    """The asks, each with its bytes, and the ends, in the order in which they come; no byte is lost or kept back."""
    dialogue = Dialogue(TABLE)
    found: list[tuple[bytes, Ask] | Done] = []
    for asked, answered in turns:
        heard, told = b"", b""
        for chunk in cut(b"".join(asked), sizes):
            for piece in dialogue.client(chunk):
                heard += piece.data
                found += [(piece.data, piece.ask)] if piece.ask else []
        for chunk in cut(b"".join(answered), sizes):
            for each in dialogue.server(chunk):
                told += each.data
                found += [each.done] if each.done else []
        assert heard == b"".join(asked)
        assert told == b"".join(answered)
    return found


@settings(max_examples=150, deadline=None)
@given(turns=TURNS, sizes=SIZES)
@example(turns=[NO_ARRAY], sizes=[1])
def test_any_messages_cut_anywhere(turns: Turns, sizes: list[int]) -> None:
    assert read(turns, sizes) == read(turns, [1_000_000])


@settings(max_examples=100, deadline=None)
@given(messages=st.lists(st.sampled_from(CLIENT)), sizes=SIZES)
def test_where_commands_end(messages: list[bytes], sizes: list[int]) -> None:
    frames = Frames(scan_client)
    found = []
    for chunk in cut(b"".join(messages), sizes):
        buffer, ends = frames.feed(chunk)
        found += [buffer[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert found == messages


@settings(max_examples=100, deadline=None)
@given(messages=st.lists(st.sampled_from(SERVER)), sizes=SIZES)
def test_where_values_end(messages: list[bytes], sizes: list[int]) -> None:
    frames = Frames(scan_server)
    found = []
    for chunk in cut(b"".join(messages), sizes):
        buffer, ends = frames.feed(chunk)
        found += [buffer[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert found == messages


@settings(max_examples=100, deadline=None)
@given(client=st.binary(max_size=60), server=st.binary(max_size=60), sizes=SIZES)
def test_whatever_comes_is_passed_on_and_nothing_raises(client: bytes, server: bytes, sizes: list[int]) -> None:
    dialogue = Dialogue(TABLE)
    heard = b"".join(piece.data for chunk in cut(client, sizes) for piece in dialogue.client(chunk))
    told = b"".join(each.data for chunk in cut(server, sizes) for each in dialogue.server(chunk))
    assert heard == client[: len(client) - dialogue.held]
    assert told == server[: len(server) - dialogue.untold]


def test_what_may_be_passed_on_before_it_is_read() -> None:
    assert is_whole(encode(b"GET", b"a") * 2)
    assert not is_whole(encode(b"GET", b"a")[:-1])
    assert not is_whole(b"GET a\r\n")
    assert not is_whole(b"*x\r\n")
    assert not is_whole(b"")
