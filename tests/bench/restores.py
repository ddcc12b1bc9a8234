"""Undo of 8 rows in 3 transactions at 10 MB and at 1 GB, and a template copy at 10 MB, in turns."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from hotfire.model.store import START
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.stores.address import Connection
from hotfire.worlds.stores.postgres.store import PostgresStore
from hotfire.worlds.stores.server import Server
from tests.bench import large
from tests.bench.figures import Figures, middle

TRANSACTIONS = (
    """INSERT INTO bookings (account_id, amount) VALUES (1, 10), (2, -10);
       UPDATE accounts SET balance = balance + 10 WHERE id = 1;
       UPDATE accounts SET balance = balance - 10 WHERE id = 2""",
    """INSERT INTO accounts (owner, balance) VALUES ('new', 0);
       INSERT INTO bookings (account_id, amount) VALUES (3, 5)""",
    """DELETE FROM accounts WHERE id = 4;
       UPDATE accounts SET note = 'moved' WHERE id = 5""",
)
WARM_UP, ROUNDS, COPIES_EVERY = 10, 60, 6


@asynccontextmanager
async def standing(run: RunDirectory) -> AsyncIterator["Stores"]:
    """Both stores, on a server of their own."""
    async with AsyncExitStack() as stack:
        server, built = await stack.enter_async_context(large.standing(run))
        stores = Stores(server, built=built)
        for size in large.SIZES:
            await stores.open(size)
        yield stores


class Stores:
    """A store of each size, and a connection of the service's to each."""

    def __init__(self, server: Server, *, built: bool) -> None:
        self.server = server
        self.built = built
        self.stores: dict[str, PostgresStore] = {}
        self._services: dict[str, Connection] = {}

    async def open(self, size: str) -> None:
        """Copy the template."""
        database = f"bench_{size}_world"
        self.stores[size] = await PostgresStore.open(
            name="db", database=database, template=f"bench_{size}", server=self.server
        )
        self._services[size] = await self.server.superuser.connect(database)

    async def restore_ms(self, size: str) -> float:
        """Change 8 rows in 3 transactions, and go back."""
        for transaction in TRANSACTIONS:
            await self._services[size].execute(f"BEGIN; {transaction}; COMMIT")
        begun = time.perf_counter()
        await self.stores[size].restore(START)
        return (time.perf_counter() - begun) * 1000

    async def copy_ms(self) -> float:
        """Copy the small template into a fresh database."""
        begun = time.perf_counter()
        await self.server.create_database("bench_copy", template="bench_small")
        taken = (time.perf_counter() - begun) * 1000
        await self.server.drop_database("bench_copy")
        return taken


async def measure(stores: Stores, figures: Figures) -> None:
    """The figures of restores."""
    spans: dict[str, list[float]] = {"small": [], "large": []}
    copies: list[float] = []
    for number in range(ROUNDS + WARM_UP):
        for size, taken in spans.items():
            taken.append(await stores.restore_ms(size))
        if number >= WARM_UP and number % COPIES_EVERY == 0:
            copies.append(await stores.copy_ms())
    small, big = (middle(spans[size][WARM_UP:]) for size in spans)
    if any(store.reclones for store in stores.stores.values()):
        raise RuntimeError(f"a restore was a copy: {[store.reason for store in stores.stores.values()]}")
    figures.values["restore_ratio"] = small / middle(copies)
    figures.values["restore_growth"] = big / small
    figures.details |= {"restore_10mb_ms": small, "restore_1gb_ms": big, "copy_10mb_ms": middle(copies)}
    figures.details["sizes_mb"] = {size: await _size_mb(store) for size, store in stores.stores.items()}


async def _size_mb(store: PostgresStore) -> int:
    return int(await store._connection.fetchval("SELECT pg_database_size(current_database()) / 1000000"))
