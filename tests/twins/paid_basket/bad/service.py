"""Baskets that are paid and become orders (asyncpg pool).

Modelled on saleor/saleor #5535 ("edge cases when we capture the payment and don't create an order") and
django-oscar/django-oscar-paypal #297.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as long as the service runs."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


class Basket(BaseModel):
    """What is to be paid."""

    amount: int


async def capture(connection: asyncpg.Connection, basket: str) -> None:
    """Take the money for a basket, once."""
    pay = "INSERT INTO payments (basket, amount) SELECT reference, amount FROM baskets WHERE reference = $1"
    try:
        await connection.execute(pay, basket)
    except asyncpg.UniqueViolationError as error:
        raise HTTPException(409, "this basket was paid before") from error


async def order(connection: asyncpg.Connection, basket: str) -> None:
    """Make an order of a paid basket."""
    await connection.execute("INSERT INTO orders (basket) VALUES ($1)", basket)
    await connection.execute("UPDATE baskets SET status = 'ordered' WHERE reference = $1", basket)


@app.put("/baskets/{reference}")
async def fill(reference: str, basket: Basket) -> dict[str, int]:
    """Fill a basket."""
    await app.state.pool.execute(
        "INSERT INTO baskets (reference, amount) VALUES ($1, $2)"
        " ON CONFLICT (reference) DO UPDATE SET amount = excluded.amount",
        reference,
        basket.amount,
    )
    return basket.model_dump()


@app.post("/baskets/{reference}/checkout", status_code=201)
async def check_out(reference: str) -> dict[str, str]:
    """Pay a basket and make it an order."""
    async with app.state.pool.acquire() as connection:
        await capture(connection, reference)
        async with connection.transaction():
            await order(connection, reference)
    return {"status": "ordered"}
