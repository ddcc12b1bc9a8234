"""What real clients said, recorded by record_redis.py, cut at any places: the same asks and ends, and no byte lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.wire.redis import Ask, Dialogue, Done
from tests.wire.redis_commands import TABLE
from tests.wire.test_postgres_chunks import cut

RECORDED = sorted((Path(__file__).parent / "transcripts" / "redis").glob("*.json"))
Session = list[tuple[str, bytes]]


def sessions(recorded: Path) -> list[Session]:
    found = json.loads(recorded.read_text())
    return [[(side, text.encode("latin-1")) for side, text in pieces] for pieces in found]


def read(pieces: Session, sizes: list[int]) -> list[Ask | Done]:
    """The asks, and each with its end, in the order in which they come."""
    dialogue = Dialogue(TABLE)
    found: list[Ask | Done] = []
    passed = {"c": b"", "s": b""}
    for side, data in pieces:
        for chunk in cut(data, sizes):
            for piece in dialogue.client(chunk) if side == "c" else dialogue.server(chunk):
                passed[side] += piece.data
                what = piece.ask if side == "c" else piece.done
                found += [what] if what else []
    assert not dialogue.opaque
    assert (dialogue.held, dialogue.untold) == (0, 0)
    for which, data in passed.items():
        assert data == b"".join(data for side, data in pieces if side == which)
    return found


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_cut_anywhere(recorded: Path, sizes: list[int]) -> None:
    for pieces in sessions(recorded):
        assert read(pieces, sizes) == read(pieces, [1_000_000])


@pytest.mark.parametrize("protocol", ["resp2", "resp3"])
def test_what_redis_py_asks(protocol: str) -> None:
    (path,) = (path for path in RECORDED if path.stem == f"redis_py_{protocol}")
    told = [what for pieces in sessions(path) for what in read(pieces, [1_000_000])]
    assert [what.signature for what in told if isinstance(what, Ask) and what.executes] == [
        "SET cart:…",
        "GET cart:…",
        "LPUSH cart:…",
        "SET a",
        "INCRBY a",
        "MGET a b",
        "HSET user:…; HGETALL user:…; SADD users; EXEC",
        "EVAL likes:…",
        "XADD events",
        "XREAD events",
        "WATCH a",
        "SET a; EXEC",
        "BLPOP none",
        "INCRBY a",  # on another connection
    ]
    writes = [", ".join(map(" ".join, what.writes)) for what in told if isinstance(what, Done) and what.writes]
    assert writes == [
        "set cart:…",
        "set a",
        "incrby a",
        "hset user:…, sadd users",
        "eval likes:…",
        "xadd events",
        "incrby a",
    ]


def test_a_listener_is_read_until_it_listens() -> None:
    (path,) = (path for path in RECORDED if path.stem == "redis_py_asyncio")
    asks = {what.text for pieces in sessions(path) for what in read(pieces, [1_000_000]) if isinstance(what, Ask)}
    assert {"INCRBY n", "SET m", "SUBSCRIBE room", "PUBLISH room"} < asks
