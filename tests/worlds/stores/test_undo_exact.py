"""Undo is exact: after it, every row and every sequence is as it was, whatever the service has done in between.

HOTFIRE_WORKLOADS=500 runs as many.
"""

import os
from collections import Counter

import pytest

from hotfire.worlds.stores.postgres import PostgresStore, prepare_template
from tests.worlds.stores.workload import SCHEMA, Workload

WORKLOADS = int(os.environ.get("HOTFIRE_WORKLOADS", "40"))


@pytest.fixture(scope="module")
def template(run, server):
    async def make():
        await server.create_database("exact_template")
        connection = await server.service.connect("exact_template")
        await connection.execute(SCHEMA)
        await connection.close()
        await prepare_template(server, "exact_template")

    run(make())
    return "exact_template"


@pytest.fixture(scope="module")
def store(run, server, template):
    store = run(PostgresStore.open(name="db", database="exact", template=template, server=server))
    yield store
    run(store.close())


@pytest.fixture(scope="module")
def connection(run, server, store):
    connection = run(server.service.connect("exact"))
    yield connection
    run(connection.close())


async def rows(store):
    """Every row as the server's text of each column: what `changes` must account for."""
    found = Counter()
    for table in await store._connection.fetch("SELECT * FROM hotfire.watched"):
        name = f'"{table["nspname"]}"."{table["relname"]}"'.replace('Tä "ble', 'Tä ""ble')
        told = await store._connection.fetchval(
            "SELECT relname FROM pg_class WHERE oid = coalesce(pg_partition_root($1::oid), $1::oid)", table["relation"]
        )
        told = told if table["nspname"] == "public" else f"{table['nspname']}.{told}"
        columns = await store._connection.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped",
            table["relation"],
        )
        names = [column["attname"] for column in columns]
        texts = ", ".join('"' + column.replace('"', '""') + '"::text' for column in names)
        for row in await store._connection.fetch(f"SELECT {texts} FROM ONLY {name}"):  # noqa: S608
            found[told, frozenset(zip(names, row.values(), strict=True))] += 1
    return found


async def accounted(store, checkpoint, before):
    """`changes` takes the rows of the checkpoint to those of now."""
    expected = Counter(before)
    for change in (await store.changes(checkpoint)).rows:
        if change.before is not None:
            expected[change.table, frozenset(change.before.items())] -= 1
        if change.after is not None:
            expected[change.table, frozenset(change.after.items())] += 1
    assert +expected == await rows(store)


async def snapshot(store):
    return await store.checkpoint(), await store.digest(), await rows(store)


@pytest.mark.parametrize("seed", range(WORKLOADS))
def test_undo_is_exact(run, store, connection, seed):
    """Three checkpoints in a row, each brought back more than once, the later ones first: as a world's steps are."""

    async def play():
        work = Workload(seed, connection)
        await work.begin()
        first, first_digest, first_rows = await snapshot(store)
        await work.transactions()
        await accounted(store, first, first_rows)
        second, second_digest, second_rows = await snapshot(store)
        await work.transactions()
        await store.restore(second)
        assert await store.digest() == second_digest
        await store.advance(1009)
        await work.transactions()
        third, third_digest, third_rows = await snapshot(store)
        await work.transactions()
        await accounted(store, third, third_rows)
        await accounted(store, first, first_rows)
        await store.restore(third)
        assert await store.digest() == third_digest
        await accounted(store, second, second_rows)
        await store.restore(second)
        assert await store.digest() == second_digest
        assert (await store.changes(second)).rows == ()
        await work.transactions()
        await store.restore(first)
        assert await store.digest() == first_digest
        assert await rows(store) == first_rows
        assert store.reclones == 0, store.reason

    run(play())
