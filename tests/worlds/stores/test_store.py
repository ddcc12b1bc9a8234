"""A world's database: what is told of its changes, what cannot be undone, and what a border asks."""

import asyncio

import asyncpg
import pytest

from hotfire.errors import HotfireError
from hotfire.model.history import RowChange
from hotfire.model.store import Store
from hotfire.worlds.stores.postgres import CheckpointLost, PostgresStore, prepare_template

SCHEMA = """
CREATE SCHEMA other;
CREATE TABLE posts (id serial PRIMARY KEY, title text, double text GENERATED ALWAYS AS (title || title) STORED);
CREATE TABLE other.notes (post integer REFERENCES posts ON DELETE CASCADE, at timestamptz);
CREATE TABLE days (day integer, what text) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM (0) TO (10);
CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM (10) TO (20);
CREATE MATERIALIZED VIEW titles AS SELECT title FROM posts;
INSERT INTO posts (title) VALUES ('a'), ('b'), ('c');
"""


@pytest.fixture(scope="module")
def template(run, server):
    async def make():
        await server.create_database("store_template")
        connection = await server.service.connect("store_template")
        await connection.execute(SCHEMA)
        await connection.close()
        await prepare_template(server, "store_template")

    run(make())
    return "store_template"


@pytest.fixture(scope="module")
def one_store(run, server, template):
    store = run(PostgresStore.open(name="db", database="store", template=template, server=server))
    yield store
    run(store.close())


@pytest.fixture
def store(run, one_store):
    run(one_store.reclone())
    one_store.reclones = 0
    return one_store


@pytest.fixture
def service(run, server, store):
    connection = run(server.service.connect("store"))
    yield connection
    connection.terminate()


def test_it_is_a_store(store):
    kept: Store = store
    assert kept


def test_net_changes_and_writes_are_told_in_the_servers_own_text(run, store, service):
    async def play():
        start = await store.checkpoint()
        await service.execute("SET datestyle = 'German'; SET timezone = 'Asia/Tokyo'")
        await service.execute("INSERT INTO posts (title) VALUES ('x y')")
        await service.execute(
            "BEGIN; UPDATE posts SET title = NULL WHERE title = 'a'; DELETE FROM posts WHERE id = 2; COMMIT"
        )
        await service.execute(
            "INSERT INTO other.notes VALUES (1, '2026-11-24 12:00+00'); INSERT INTO days VALUES (3, 'd')"
        )
        return await store.changes(start), service.get_server_pid()

    changes, pid = run(play())
    assert changes.rows == (
        RowChange(store="db", table="days", before=None, after={"day": "3", "what": "d"}),
        RowChange(store="db", table="other.notes", before=None, after={"post": "1", "at": "2026-11-24 12:00:00+00"}),
        RowChange(store="db", table="posts", before=None, after={"id": "1000001", "title": "x y", "double": "x yx y"}),
        RowChange(
            store="db",
            table="posts",
            before={"id": "1", "title": "a", "double": "aa"},
            after={"id": "1", "title": None, "double": None},
        ),
        RowChange(store="db", table="posts", before={"id": "2", "title": "b", "double": "bb"}, after=None),
    )
    told = [(write.operation, write.table) for write in changes.writes]
    assert told == [
        ("insert", "posts"),
        ("update", "posts"),
        ("delete", "posts"),
        ("insert", "other.notes"),
        ("insert", "days"),
    ]
    assert {write.connection for write in changes.writes} == {pid}
    transactions = [write.transaction for write in changes.writes]
    assert transactions[0] < transactions[1] == transactions[2] < transactions[3]
    assert sorted(write.instant for write in changes.writes) == [write.instant for write in changes.writes]


def test_what_was_rolled_back_is_not_told(run, store, service):
    async def play():
        await service.execute("BEGIN; DELETE FROM posts; ROLLBACK")
        return await store.changes(0)

    assert run(play()).writes == ()


def test_columns_are_named_by_table(run, store):
    columns = run(store.columns())
    assert columns["db.posts"] == {"id": "integer", "title": "text", "double": "text"}
    assert columns["db.other.notes"]["at"] == "timestamp with time zone"
    assert "db.days_1" not in columns


def test_a_value_that_another_row_has_in_a_key_is_told(run, store, service):
    async def play():
        await service.execute("CREATE UNIQUE INDEX ON posts (lower(title))")
        await service.execute("CREATE UNIQUE INDEX ON other.notes (post) INCLUDE (at)")
        await service.execute("INSERT INTO other.notes (post) VALUES (1), (2)")
        keys = await store.keys()
        asked = (("posts", "title", {}, ["a"]), ("posts", "title", {"id": "3"}, []), ("other.notes", "post", {}, ["1"]))
        return keys, [await store.held(*each) for each in asked]

    keys, told = run(play())
    assert keys["posts"] == [("id",), ("title",)]
    assert keys["other.notes"] == [(), ("post",)]
    assert told == ["b", "c", "2"]


def test_sequences_come_back_and_are_moved_on(run, store, service):
    async def play():
        start = await store.checkpoint()
        await store.advance(1009)
        moved = await service.fetchval("SELECT nextval('posts_id_seq')")
        await store.restore(start)
        return moved, await service.fetchval("SELECT nextval('posts_id_seq')")

    assert run(play()) == (1_001_010, 1_000_001)


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE TABLE later (id serial)",
        "ALTER TABLE posts ADD COLUMN more text",
        "DROP TABLE other.notes",
        "CREATE INDEX ON posts (title)",
        "REFRESH MATERIALIZED VIEW titles",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "SELECT lo_from_bytea(0, 'abc')",
    ],
)
def test_what_cannot_be_undone_costs_a_copy_and_keeps_the_start(run, server, store, ddl):
    async def play():
        start, digest = await store.checkpoint(), await store.digest()
        service = await server.service.connect("store")
        await service.execute(ddl)
        await service.execute("INSERT INTO posts (title) VALUES ('z')")
        await service.close()
        await store.restore(start)
        assert await store.digest() == digest
        assert store.reclones == 1
        assert (await store.changes(start)).writes == ()

    run(play())


def test_a_later_checkpoint_is_lost_with_the_copy(run, server, store):
    async def play():
        service = await server.service.connect("store")
        start = await store.checkpoint()
        await service.execute("INSERT INTO posts (title) VALUES ('kept')")
        later = await store.checkpoint()
        await service.execute("ALTER TABLE posts ADD COLUMN more text")
        await service.close()
        with pytest.raises(CheckpointLost, match="ALTER TABLE") as caught:
            await store.restore(later)
        assert caught.value.hint
        await store.restore(start)
        with pytest.raises(HotfireError, match="no checkpoint"):
            await store.restore(later)

    run(play())


def test_a_table_made_later_is_watched(run, store, service):
    async def play():
        await service.execute("CREATE TABLE later (id integer GENERATED ALWAYS AS IDENTITY, t text)")
        await service.execute("ALTER TABLE posts DROP COLUMN double; ALTER TABLE posts ADD COLUMN n integer DEFAULT 1")
        after, digest = await store.checkpoint(), await store.digest()
        await service.execute("INSERT INTO later (t) VALUES ('x'); DELETE FROM posts; INSERT INTO posts (n) VALUES (5)")
        rows = (await store.changes(after)).rows
        await store.restore(after)
        assert await store.digest() == digest
        assert store.reclones == 0
        return rows

    tables = [change.table for change in run(play())]
    assert tables == ["later", "posts", "posts", "posts", "posts"]


def test_temporary_tables_are_no_reason_for_a_copy(run, store, service):
    async def play():
        await service.execute("CREATE TEMP TABLE t (id serial); INSERT INTO t DEFAULT VALUES; DROP TABLE t")
        await service.execute("BEGIN; CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1; COMMIT")
        await service.execute("VACUUM posts")
        await store.restore(0)
        return store.reclones

    assert run(play()) == 0


def test_rows_that_are_not_where_they_should_be_cost_a_copy(run, server, store):
    async def play():
        service = await server.service.connect("store")
        digest = await store.digest()
        await service.execute(
            "INSERT INTO posts (title) SELECT 'n' FROM generate_series(1, 300); DELETE FROM posts WHERE id < 1000200"
        )
        await service.execute("VACUUM FULL posts")  # moves rows, and no trigger sees it
        await service.close()
        await store.restore(0)
        assert await store.digest() == digest
        assert store.reclones == 1
        assert "where the change log saw them" in store.reason

    run(play())


def test_a_service_that_is_still_there_is_told(run, store, service, monkeypatch):
    async def play():
        await store._connection.execute("SET lock_timeout = '50ms'")
        await service.execute("INSERT INTO posts (title) VALUES ('x')")
        await service.execute("BEGIN; UPDATE posts SET title = 'held' WHERE title = 'x'")
        with pytest.raises(HotfireError, match="still holds locks"):
            await store.restore(0)
        await service.execute("ROLLBACK")
        await store.restore(0)
        return (await store.changes(0)).rows

    assert run(play()) == ()


def test_a_write_that_ends_after_changes_were_told_is_undone(run, store, service):
    async def play():
        start, digest = await store.checkpoint(), await store.digest()
        await service.execute("BEGIN; UPDATE posts SET title = 'late' WHERE id = 1")
        told = (await store.changes(start)).rows
        await service.execute("COMMIT")
        await store.restore(start)
        return told, await store.digest() == digest, store.reclones

    assert run(play()) == ((), True, 0)


def test_a_write_that_ends_during_the_undo_is_not_lost(run, store, service):
    """It holds the row that the undo is about to delete: the undo waits, and then sees that it did not know all."""

    async def play():
        start, digest = await store.checkpoint(), await store.digest()
        await service.execute("UPDATE posts SET title = 'seen' WHERE id = 1")
        await service.execute("BEGIN; UPDATE posts SET title = 'late' WHERE id = 1")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(store.restore(start))
            blocked = "SELECT cardinality(pg_blocking_pids($1)) > 0"
            while not await service.fetchval(blocked, store._connection.get_server_pid()):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await service.execute("COMMIT")
            await task
        return await store.digest() == digest, store.reclones

    assert run(play()) == (True, 0)


def test_a_row_in_a_dead_ones_place_is_undone(run, store, service):
    async def play():
        start, digest = await store.checkpoint(), await store.digest()
        await service.execute("DELETE FROM posts WHERE id = 3")
        await service.execute("VACUUM posts")
        await service.execute("INSERT INTO posts (title) VALUES ('in its place')")
        await store.restore(start)
        return await store.digest() == digest, store.reclones

    assert run(play()) == (True, 0)


def test_who_waits_for_whom(run, server, store, service):
    async def play():
        second = await server.service.connect("store")
        held, waiting = service.get_server_pid(), second.get_server_pid()
        await service.execute("BEGIN; SELECT FROM posts WHERE id = 1 FOR UPDATE")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(second.execute("UPDATE posts SET title = 'w' WHERE id = 1"))
            while not (blocked := await store.blocked_by([held, waiting])):  # noqa: ASYNC110  (the server cannot notify)
                await asyncio.sleep(0.005)
            busy = await store.settled([held]), await store.settled([waiting])
            await service.execute("COMMIT")
            await task
        settled = await store.settled([held, waiting, 2**30])
        await second.close()
        return blocked == {waiting: [held]}, busy, settled

    assert run(play()) == (True, (False, False), True)


def test_the_service_cannot_write_the_change_log(run, store, service):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        run(service.execute("DELETE FROM hotfire.log"))
