"""Makes the tables of both databases."""

import asyncio

from service import shop, stock
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

SHOP = (
    "CREATE TABLE products (sku text PRIMARY KEY, title text NOT NULL)",
    "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, reference text UNIQUE, who text NOT NULL)",
    "CREATE TABLE lines (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int REFERENCES orders, sku text)",
    "INSERT INTO products SELECT 'sku-' || n, 'Thing no. ' || n FROM generate_series(1, 500) n",
)
STOCK = (
    "CREATE TABLE shelves (sku text PRIMARY KEY, units int NOT NULL)",
    "INSERT INTO shelves SELECT 'sku-' || n, 1000 FROM generate_series(1, 500) n",
)


async def make(engine: AsyncEngine, statements: tuple[str, ...]) -> None:
    async with engine.begin() as database:
        for statement in statements:
            await database.execute(text(statement))
    await engine.dispose()


async def main() -> None:
    await make(shop, SHOP)
    await make(stock, STOCK)


asyncio.run(main())
