"""A shop that takes an order and its payment at the same time, over two connections (asyncpg pool).

Modelled on saleor/saleor #5535: the payment is captured, and there is no order.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as long as the service runs."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=2, max_size=4) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


class Order(BaseModel):
    """What the buyer asks for; the reference is the buyer's own."""

    reference: str
    amount: int


async def save(order: Order) -> None:
    """Write the order."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "INSERT INTO orders (reference, amount) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            order.reference,
            order.amount,
        )


async def charge(order: Order) -> None:
    """Take the money."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "INSERT INTO payments (reference, amount) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            order.reference,
            order.amount,
        )


async def paid(order: Order) -> bool:
    """Whether an order that is there has been paid."""
    return bool(await app.state.pool.fetchval("SELECT count(*) FROM payments WHERE reference = $1", order.reference))


@app.post("/orders", status_code=201)
async def place(order: Order) -> dict[str, Any]:
    """Take an order and its payment; an order that was taken before is paid if it was not."""
    before = await app.state.pool.fetchrow("SELECT amount FROM orders WHERE reference = $1 FOR UPDATE", order.reference)
    if before is None:
        await asyncio.gather(save(order), charge(order))
    elif not await paid(order):
        await charge(order)
    return order.model_dump()


@app.get("/orders/{reference}")
async def read(reference: str) -> dict[str, Any]:
    """Show an order."""
    row = await app.state.pool.fetchrow("SELECT reference, amount FROM orders WHERE reference = $1", reference)
    if row is None:
        raise HTTPException(404)
    return dict(row)
