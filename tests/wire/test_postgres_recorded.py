"""What real drivers said, recorded by record.py, cut at any places: the same asks and ends, and no byte lost."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.wire.postgres import Ask, Dialogue, Done, Startup, opening

RECORDED = sorted((Path(__file__).parent / "transcripts").glob("*.json"))
Pieces = list[tuple[str, bytes]]


@dataclass
class Reading:
    """All that was made of one session."""

    asks: list[Ask] = field(default_factory=list)
    dones: list[Done] = field(default_factory=list)

    def read(self, pieces: Pieces, cuts: list[int]) -> "Reading":
        """Read the pieces, each cut into chunks of these sizes.

        The recorder passed on at once what a dialogue holds until it is a whole segment, so an answer to that comes
        later here.
        """
        dialogue = Dialogue()
        waiting: list[bytes] = []
        for side, data in pieces:
            for chunk in cut(data, cuts):
                if side == "c":
                    self._client(dialogue, chunk)
                else:
                    waiting.append(chunk)
            while waiting and not dialogue.held:
                self._server(dialogue, waiting.pop(0))
        assert len(self.dones) == len(self.asks)
        assert dialogue.held == b""
        assert dialogue.process_id
        assert dialogue.parameters["server_encoding"] == "UTF8"
        self.bytes_equal(pieces)
        return self

    def __post_init__(self) -> None:
        self.passed = {"c": b"", "s": b""}

    def bytes_equal(self, pieces: Pieces) -> None:
        for which, passed in self.passed.items():
            assert passed == b"".join(data for side, data in pieces if side == which)

    def _client(self, dialogue: Dialogue, chunk: bytes) -> None:
        for segment in dialogue.client(chunk):
            self.passed["c"] += segment.data
            if segment.ask is not None:
                self.asks.append(segment.ask)

    def _server(self, dialogue: Dialogue, chunk: bytes) -> None:
        for told in dialogue.server(chunk):
            self.passed["s"] += told.data
            assert told.call == (len(self.dones) < len(self.asks))
            if told.done is not None:
                self.dones.append(told.done)

    def lines(self) -> list[str]:
        return [
            f"{ask.text} → {done.detail}{' !' * done.durable}" for ask, done in zip(self.asks, self.dones, strict=True)
        ]


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    """`data` in chunks of these sizes, again and again."""
    chunks, at, turn = [], 0, 0
    while at < len(data):
        size = cuts[turn % len(cuts)] if cuts else len(data)
        chunks.append(data[at : at + size])
        at, turn = at + size, turn + 1
    return chunks


def sessions(path: Path) -> list[Pieces]:
    """The sessions recorded in a file, without their opening packets."""
    found = []
    for connection in json.loads(path.read_text()):
        pieces = [(side, text.encode("latin-1")) for side, text in connection]
        starts = [
            isinstance(opening(data), Startup) if side == "c" and data[0] == 0 else False for side, data in pieces
        ]
        if True in starts:
            found.append(pieces[starts.index(True) + 1 :])
    return found


SESSIONS = {path.stem: sessions(path) for path in RECORDED}


def test_all_scenarios_are_there() -> None:
    assert len(SESSIONS) == 9
    assert sum(map(len, SESSIONS.values())) == 10


@pytest.mark.parametrize("name", SESSIONS)
@settings(max_examples=12, deadline=None)
@given(cuts=st.lists(st.integers(1, 90), min_size=1, max_size=6))
def test_cut_anywhere(name: str, cuts: list[int]) -> None:
    for pieces in SESSIONS[name]:
        whole, chunked = Reading().read(pieces, []), Reading().read(pieces, cuts)
        assert chunked == whole


def test_psycopg_in_a_pipeline() -> None:
    insert = "INSERT INTO posts (title) VALUES (…)"
    (pieces,) = SESSIONS["psycopg_pipeline"]
    assert Reading().read(pieces, []).lines() == [
        f"{insert} → INSERT 0 1",
        f"{insert} → INSERT 0 1",
        "SELECT count(*) FROM posts → SELECT 1",
        f"{insert} → INSERT 0 1 !",
        f"{insert} → INSERT 0 1",
        "SELECT ?/?::int → 22012 division by zero",
        f"{insert} → skipped: the pipeline failed before",
        "BEGIN → BEGIN",
        f"{insert} → INSERT 0 1",
        "COMMIT → COMMIT !",
        " → ",
        f"{insert} → INSERT 0 1",
        f"{insert} → INSERT 0 1",
        f"{insert} → INSERT 0 1 !",
    ]


def test_asyncpg_prepares_first() -> None:
    insert = "INSERT INTO posts (title) VALUES (…) RETURNING id"
    lines = Reading().read(SESSIONS["asyncpg_basics"][0], []).lines()
    assert lines[:3] == [f"prepare: {insert} → ", f"{insert} → suspended !", f"{insert} → suspended !"]
    assert "SELECT pg_sleep(?) → 57014 canceling statement due to user request" in lines
    assert 'COPY "posts"("title") FROM STDIN (FORMAT binary) → COPY 2 !' in lines


def test_copy_in_the_extended_protocol() -> None:
    (pieces,) = SESSIONS["libpq_copy"]
    assert Reading().read(pieces, []).lines() == [
        "COPY posts (title) FROM STDIN → COPY 1 !",
        'COPY posts (likes) FROM STDIN → 22P02 invalid input syntax for type integer: "not a number"',
        'COPY nowhere FROM STDIN → 42P01 relation "nowhere" does not exist',
        "COPY (SELECT ?) TO STDOUT → COPY 1 !",
        "SELECT ? → SELECT 1 !",
    ]


@pytest.mark.parametrize("name", ["sqlalchemy_psycopg", "sqlalchemy_asyncpg"])
def test_a_warm_process_has_the_same_signatures(name: str) -> None:
    """The second transaction prepares nothing, yet its executed statements have the first one's signatures."""
    asks = [ask for ask in Reading().read(SESSIONS[name][0], []).asks if ask.executes]
    commits = [ask.signature for ask in asks if ask.text == "COMMIT"]
    assert len(commits) == 2
    assert len(set(commits)) == 1
