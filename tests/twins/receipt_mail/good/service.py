"""A shop that writes a receipt for each order (asyncpg pool)."""

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
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


class Order(BaseModel):
    """What the buyer asks for; the reference is the buyer's own."""

    reference: str
    recipient: str
    amount: int


async def send_mail(connection: asyncpg.Connection, recipient: str, subject: str) -> None:
    """Write a mail; a dispatcher takes it from there."""
    await connection.execute("INSERT INTO mails (recipient, subject) VALUES ($1, $2)", recipient, subject)


@app.post("/orders", status_code=201)
async def place(order: Order) -> dict[str, Any]:
    """Take an order, or refuse one that was taken before."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        await send_mail(connection, order.recipient, f"Your order {order.reference}")
        try:
            await connection.execute(
                "INSERT INTO orders (reference, amount) VALUES ($1, $2)", order.reference, order.amount
            )
        except asyncpg.UniqueViolationError as error:
            raise HTTPException(409, "this order was placed before") from error
    return order.model_dump()


@app.get("/orders/{reference}")
async def read(reference: str) -> dict[str, Any]:
    """Show an order."""
    row = await app.state.pool.fetchrow("SELECT reference, amount FROM orders WHERE reference = $1", reference)
    if row is None:
        raise HTTPException(404)
    return dict(row)
