"""The lines of a hook: however the stream is cut they are the same."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.wire.hook import Call, Lines


@given(st.lists(st.text(max_size=20), max_size=6), st.lists(st.integers(1, 40), max_size=20))
def test_however_the_stream_is_cut_the_lines_are_the_same(texts: list[str], cuts: list[int]) -> None:
    data = b"".join(json.dumps({"say": "call", "text": text, "open": False}).encode() + b"\n" for text in texts)
    lines, heard = Lines(), []
    for cut in [*cuts, len(data)]:
        heard += list(lines.feed(data[:cut]))
        data = data[cut:]
    assert [said.text for said in heard if isinstance(said, Call)] == texts


def test_who_is_no_hook_is_not_heard() -> None:
    with pytest.raises(msgspec.DecodeError):
        list(Lines().feed(b"GET / HTTP/1.1\n"))
