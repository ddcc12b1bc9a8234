"""Any messages, cut into any chunks, are read as they are whole: also those that no driver would send in this order."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.wire.postgres import Ask, Dialogue, Done


def message(kind: str, body: bytes = b"") -> bytes:
    return kind.encode() + struct.pack("!I", len(body) + 4) + body


NAMES = [b"\0", b"s1\0"]
SQL = [b"SELECT 1\0", b"BEGIN\0", b"COMMIT\0", b"BEGIN; COMMIT; SELECT 2\0", b"EXECUTE s1\0", b"\0"]
UNNAMED_END = message("D", b"P\0") + message("E", bytes(5)) + message("S")
CLIENT = [
    *(message("Q", sql) for sql in SQL),
    *(message("P", name + sql + b"\0\0") for name in NAMES for sql in SQL),
    *(message("B", b"\0" + name + bytes(6)) for name in NAMES),
    *(message("B", b"\0" + name + bytes(6)) + UNNAMED_END for name in NAMES),
    *(message("E", name + bytes(4)) for name in NAMES),
    *(message(kind, target + name) for kind in "DC" for target in (b"S", b"P") for name in NAMES),
    *(message(kind) for kind in "SSHcXF"),
    message("d", b"S\0\0\0\x04"),
]
SERVER = [
    *(message(kind) for kind in "12311222nsINHc"),
    *(message("C", tag) for tag in (b"SELECT 1\0", b"COMMIT\0", b"ROLLBACK\0")),
    *(message("Z", status) for status in (b"I", b"T", b"E")),
    *(message("E", b"V" + severity + b"\0C23505\0Mno\0\0") for severity in (b"ERROR", b"FATAL")),
    message("D", b"Z\0\0\0\x05I"),
    message("G", bytes(3)),
]
TURNS = st.lists(
    st.tuples(st.lists(st.sampled_from(CLIENT), max_size=8), st.lists(st.sampled_from(SERVER), max_size=8))
)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    chunks = []
    while data:
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(data[:size])
        data = data[size:]
    return chunks


def read(turns: list[tuple[list[bytes], list[bytes]]], sizes: list[int]) -> list[tuple[bytes, Ask] | Done]:
    """The asks, each with its segment's bytes, and the ends, in the order in which they come; no byte is lost."""
    dialogue = Dialogue()
    found: list[tuple[bytes, Ask] | Done] = []
    heard = told = b""
    for asked, answered in turns:
        for chunk in cut(b"".join(asked), sizes):
            heard += chunk
            for segment in dialogue.client(chunk):
                assert heard.startswith(segment.data)
                heard = heard.removeprefix(segment.data)
                if segment.ask is not None:
                    found.append((segment.data, segment.ask))
        assert heard == dialogue.held
        for chunk in cut(b"".join(answered), sizes):
            for piece in dialogue.server(chunk):
                told += piece.data
                if piece.done is not None:
                    found.append(piece.done)
    assert told == b"".join(b"".join(answered) for _, answered in turns)
    return found


@settings(max_examples=150, deadline=None)
@given(turns=TURNS, sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_any_messages_cut_anywhere(turns: list[tuple[list[bytes], list[bytes]]], sizes: list[int]) -> None:
    assert read(turns, sizes) == read(turns, [1_000_000])
