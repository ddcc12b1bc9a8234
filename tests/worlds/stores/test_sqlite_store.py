"""A SQLite file as a store: put back exactly, in both kinds of journal, and told row by row."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfire.errors import HotfireError
from hotfire.model.history import RowChange
from hotfire.model.store import START
from hotfire.worlds.stores.sqlite import files
from hotfire.worlds.stores.sqlite.counting import counting
from hotfire.worlds.stores.sqlite.store import SqliteStore
from hotfire.worlds.stores.sqlite.template import make_template

SCHEMA = """
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, face BLOB, height REAL);
    CREATE TABLE words (word TEXT PRIMARY KEY, seen INT) WITHOUT ROWID;
    CREATE TABLE keyless (a, b);
    CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, double INT AS (id * 2));
    CREATE VIRTUAL TABLE found USING fts5(text);
    CREATE VIEW seen AS SELECT * FROM people;
    INSERT INTO people VALUES (1, 'Ann', x'00ff', 1.5), (2, 'Bob', NULL, NULL);
    INSERT INTO words VALUES ('a', 1), ('b', 2);
    INSERT INTO keyless VALUES (1, 2), (1, 2);
"""


@contextlib.contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


@pytest.fixture(params=["delete", "wal"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SqliteStore:
    prepared, template = tmp_path / "prepared.sqlite3", tmp_path / "template.sqlite3"
    with writing(prepared) as connection:
        connection.execute(f"PRAGMA journal_mode = {request.param}")
        connection.executescript(SCHEMA)
    make_template(prepared, template)
    return SqliteStore.open(name="db", path=tmp_path / "w0" / "db.sqlite3", template=template)


def rows(store: SqliteStore, checkpoint: int) -> list[RowChange]:
    return list(asyncio.run(store.changes(checkpoint)).rows)


def change(table: str, before: dict[str, str | None] | None, after: dict[str, str | None] | None) -> RowChange:
    return RowChange(store="db", table=table, before=before, after=after)


def test_a_change_of_each_kind_of_row_is_told(store: SqliteStore) -> None:
    with writing(store.path) as connection:
        connection.execute("UPDATE people SET name = 'ANN' WHERE id = 1")  # a change, whatever the collation says
        connection.execute("DELETE FROM words WHERE word = 'a'")
        connection.execute("DELETE FROM keyless WHERE rowid = 2")
        connection.execute("INSERT INTO counted DEFAULT VALUES")
        connection.execute("INSERT INTO found VALUES ('hello')")
    told = {
        (each.table): each for each in rows(store, START) if each.table in {"people", "words", "keyless", "counted"}
    }
    ann = {"id": "1", "name": "Ann", "face": "\\x00ff", "height": "1.5"}
    assert told["people"] == change("people", ann, ann | {"name": "ANN"})
    assert told["words"] == change("words", {"word": "a", "seen": "1"}, None)
    assert told["keyless"] == change("keyless", {"a": "1", "b": "2"}, None)
    number = told["counted"].after and told["counted"].after["id"]
    assert number is not None
    assert told["counted"] == change("counted", None, {"id": number, "double": str(2 * int(number))})


def test_what_was_changed_and_changed_back_is_no_change(store: SqliteStore) -> None:
    with writing(store.path) as connection:
        connection.execute("UPDATE people SET name = 'x'")
        connection.execute("UPDATE people SET name = iif(id = 1, 'Ann', 'Bob')")
    assert rows(store, START) == []


def test_how_a_virtual_table_keeps_its_rows_is_no_state(store: SqliteStore) -> None:
    with writing(store.path) as connection:
        connection.execute("INSERT INTO found VALUES ('hello')")
        connection.execute("INSERT INTO found VALUES ('hello again')")
        connection.execute("DELETE FROM found WHERE rowid = 2")
        connection.execute("INSERT INTO found (found) VALUES ('optimize')")
    assert rows(store, START) == [change("found", None, {"text": "hello"})]


def test_a_change_of_the_schema_is_a_row_of_it(store: SqliteStore) -> None:
    with writing(store.path) as connection:
        connection.execute("CREATE TABLE fresh (a)")
        connection.execute("INSERT INTO fresh VALUES (1)")
        connection.execute("ALTER TABLE keyless ADD COLUMN c")
    told = rows(store, START)
    assert change("fresh", None, {"a": "1"}) in told
    assert {each.table for each in told} == {"sqlite_schema", "fresh", "keyless"}


def test_each_checkpoint_comes_back_while_somebody_kept_the_file_open(store: SqliteStore) -> None:
    async def story() -> None:
        with writing(store.path) as connection:
            connection.execute("DELETE FROM keyless")
            first = await store.checkpoint()
            connection.execute("DELETE FROM words")
            second = await store.checkpoint()
            connection.execute("DELETE FROM people")
        await store.restore(second)
        assert len((await store.changes(START)).rows) == 4
        assert len((await store.changes(first)).rows) == 2
        await store.restore(first)
        assert (await store.changes(first)).rows == ()
        with pytest.raises(HotfireError, match="no checkpoint 2"):
            await store.restore(second)
        await store.restore(START)
        assert (await store.changes(START)).rows == ()

    asyncio.run(story())


def test_a_process_that_died_in_a_transaction_has_left_nothing(store: SqliteStore, tmp_path: Path) -> None:
    """Its journal stays beside the file; the copy is put in order, the file itself is not touched."""
    with writing(store.path) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
            "INSERT INTO keyless SELECT i, randomblob(999) FROM n"
        )
        dead = tmp_path / "dead.sqlite3"
        for suffix in ("", *files.ASIDE):
            with contextlib.suppress(FileNotFoundError):
                files.copy(Path(f"{store.path}{suffix}"), Path(f"{dead}{suffix}"))
        connection.execute("ROLLBACK")
    beside = [suffix for suffix in files.ASIDE if Path(f"{dead}{suffix}").exists()]
    assert beside
    files.keep(dead, tmp_path / "kept.sqlite3")
    with writing(tmp_path / "kept.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM keyless").fetchone() == (2,)
    assert [suffix for suffix in files.ASIDE if Path(f"{dead}{suffix}").exists()] == beside


def test_frozen_is_the_new_start_until_it_is_thawed(store: SqliteStore) -> None:
    async def story() -> None:
        with writing(store.path) as connection:
            connection.execute("DELETE FROM people")
        await store.freeze()
        with writing(store.path) as connection:
            connection.execute("DELETE FROM words")
        assert {each.table for each in (await store.changes(START)).rows} == {"words"}
        await store.restore(START)
        await store.thaw()
        assert {each.table for each in (await store.changes(START)).rows} == {"people"}

    asyncio.run(story())


def test_ids_count_on_in_ranges_of_their_own_and_move(store: SqliteStore) -> None:
    insert = "INSERT INTO {} DEFAULT VALUES RETURNING id"

    def given() -> list[int]:
        with writing(store.path) as connection:
            return [connection.execute(insert.format(table)).fetchone()[0] for table in ("people", "counted")]

    first = given()
    assert abs(first[0] - first[1]) >= 1_000_000
    asyncio.run(store.restore(START))
    asyncio.run(store.advance(1009))
    assert given() == [number + 1009 for number in first]


def test_the_service_finds_its_declarations_but_for_the_counting(store: SqliteStore) -> None:
    with writing(store.path) as connection:
        said = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view')"))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert said["people"] == (
        "CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE, face BLOB, height REAL)"
    )
    assert said["words"] == "CREATE TABLE words (word TEXT PRIMARY KEY, seen INT) WITHOUT ROWID"


def test_types_are_told_as_declared(store: SqliteStore) -> None:
    columns = asyncio.run(store.columns())
    assert columns["db.people"] == {"id": "INTEGER", "name": "TEXT", "face": "BLOB", "height": "REAL"}


def test_a_value_that_another_row_has_in_a_key_is_told(store: SqliteStore) -> None:
    with writing(store.path) as connection:
        connection.execute("CREATE UNIQUE INDEX loud ON people (upper(name))")
        connection.execute("CREATE UNIQUE INDEX tall ON people (height, name)")

    async def story() -> None:
        keys = await store.keys()
        assert keys["people"][0] == ("id",)
        assert set(keys["people"]) == {("id",), ("name",), ("height", "name")}
        assert (keys["words"], keys["keyless"]) == ([("word",)], [()])
        assert await store.held("people", "id", {}, ["1"]) == "2"
        assert await store.held("people", "name", {"height": "1.5"}, []) == "Ann"
        assert await store.held("people", "name", {"height": "1.5"}, ["Ann"]) is None

    asyncio.run(story())


def test_without_a_file_there_is_no_row(tmp_path: Path) -> None:
    """A service that makes its tables when it starts has nothing to prepare."""
    make_template(tmp_path / "none.sqlite3", tmp_path / "template.sqlite3")
    store = SqliteStore.open(name="db", path=tmp_path / "w0" / "db.sqlite3", template=tmp_path / "template.sqlite3")
    assert asyncio.run(store.columns()) == {}
    with writing(store.path) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.execute("INSERT INTO a VALUES (1)")
    assert {each.table for each in rows(store, START)} == {"a", "sqlite_schema"}
    asyncio.run(store.restore(START))
    assert not store.path.exists()


@pytest.mark.parametrize(
    ("declaration", "counted"),
    [
        ("CREATE TABLE t(id INTEGER PRIMARY KEY)", "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT)"),
        (
            'CREATE TABLE t (a TEXT DEFAULT (\'x,(\'), "id" INTEGER, CONSTRAINT pk PRIMARY KEY ("id"))',
            'CREATE TABLE t (a TEXT DEFAULT (\'x,(\'), "id" INTEGER, CONSTRAINT pk PRIMARY KEY ("id" AUTOINCREMENT))',
        ),
        (
            "CREATE TABLE t (\n  [ID] integer primary key asc ON CONFLICT FAIL NOT NULL -- of t, \n, b)",
            "CREATE TABLE t (\n  [ID] integer primary key asc ON CONFLICT FAIL AUTOINCREMENT NOT NULL -- of t, \n, b)",
        ),
        ("CREATE TABLE t (b, PRIMARY KEY (b))", ""),
    ],
)
def test_where_the_word_is_written(declaration: str, counted: str) -> None:
    assert counting(declaration, "id") == counted
    if counted:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(counted)
