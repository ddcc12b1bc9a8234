"""Makes the tables, and says how many there are of everything."""

import asyncio

from service import shop, stock
from sqlalchemy import text

SHOP = (
    "CREATE TABLE products (sku text PRIMARY KEY, title text NOT NULL)",
    "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, reference text UNIQUE, who text NOT NULL)",
    "CREATE TABLE lines (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int REFERENCES orders, sku text)",
    "INSERT INTO products SELECT 'sku-' || n, 'Thing no. ' || n FROM generate_series(1, 500) n",
)


async def main() -> None:
    async with shop.begin() as database:
        for statement in SHOP:
            await database.execute(text(statement))
    await shop.dispose()
    await stock.mset({f"units:sku-{number}": 1000 for number in range(1, 501)})
    await stock.aclose()


asyncio.run(main())
