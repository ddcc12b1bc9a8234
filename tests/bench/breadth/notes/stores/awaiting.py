"""Plain SQL by a driver for asyncio: asyncpg by a pool, the others by a connection for each transaction."""

import contextlib
import importlib
import itertools
import os
import re

from stores import LIBPQ, PATIENCE, statements


class Notes:
    """What the three drivers share."""

    waits = False
    serial = "serial"

    async def open(self):
        """Begin, in the loop that serves."""

    async def close(self):
        """End."""

    async def make_tables(self):
        await self.open()
        async with self.transaction() as ask:
            for statement in statements.tables(self.serial):
                await ask(statement)
        await self.close()

    async def add(self, title):
        async with self.transaction() as ask:
            await ask(statements.ADD, title)
            note = await ask(statements.TITLED, title)
        async with self.transaction() as ask:
            await ask(statements.ANNOUNCE, note[0], f"new: {title}")
        return statements.told(note)

    async def publish(self, number):
        async with self.transaction() as ask:
            await ask(statements.PUBLISH, number)
            return statements.told(await ask(statements.FIND, number))

    async def find(self, number):
        async with self.transaction() as ask:
            return statements.told(await ask(statements.FIND, number))


class Asyncpg(Notes):
    async def open(self):
        create = importlib.import_module("asyncpg").create_pool
        self.pool = await create(os.environ["DATABASE_URL"], min_size=1, timeout=PATIENCE, command_timeout=PATIENCE)

    async def close(self):
        await self.pool.close()

    @contextlib.asynccontextmanager
    async def transaction(self):
        async with self.pool.acquire() as connection, connection.transaction():

            async def ask(statement, *values):
                numbers = itertools.count(1)
                return await connection.fetchrow(re.sub(r"\?", lambda _: f"${next(numbers)}", statement), *values)

            yield ask


class Psycopg(Notes):
    @contextlib.asynccontextmanager
    async def transaction(self):
        connect = importlib.import_module("psycopg").AsyncConnection.connect
        async with await connect(os.environ["DATABASE_URL"], **LIBPQ) as connection:

            async def ask(statement, *values):
                cursor = await connection.execute(statement.replace("?", "%s"), values)
                return await cursor.fetchone() if cursor.description else None

            yield ask


class Sqlite(Notes):
    serial = "integer"

    @contextlib.asynccontextmanager
    async def transaction(self):
        async with importlib.import_module("aiosqlite").connect(os.environ["DATABASE_PATH"]) as connection:

            async def ask(statement, *values):
                cursor = await connection.execute(statement, values)
                return await cursor.fetchone() if cursor.description else None

            yield ask
            await connection.commit()
