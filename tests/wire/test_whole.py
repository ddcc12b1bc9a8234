"""What needs nothing more to be answered: every whole message is counted, and only Sync and a simple Query end one."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from hotfire.wire.postgres.whole import is_whole


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


MESSAGES = st.tuples(st.sampled_from(b"PBDEHSQdcX"), st.binary(max_size=12) | st.just(b"S\0\0\0\x04"))


@given(st.lists(MESSAGES, min_size=1, max_size=6))
def test_whole_messages_are_whole_if_the_last_is_answered_with_ready(messages: list[tuple[int, bytes]]) -> None:
    said = b"".join(message(bytes([kind]), body) for kind, body in messages)
    assert is_whole(said) == (messages[-1][0] in b"SQ")


@given(st.lists(MESSAGES, min_size=1, max_size=3), st.data())
def test_a_part_of_the_last_message_is_never_whole(messages: list[tuple[int, bytes]], data: st.DataObject) -> None:
    before = b"".join(message(bytes([kind]), body) for kind, body in messages[:-1])
    last = message(bytes([messages[-1][0]]), messages[-1][1])
    assert not is_whole(before + last[: data.draw(st.integers(1, len(last) - 1))])


def test_nothing_is_not_whole() -> None:
    assert not is_whole(b"")
