"""Orders that are kept first and placed when their lines are there (SQLAlchemy async, psycopg).

Modelled on topoteretes/cognee #4197: work is dropped half-way because the client has gone, and is not taken up again.
"""

import os

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))
KEEP = text("INSERT INTO orders (reference) VALUES (:reference) ON CONFLICT DO NOTHING")
STATUS = text("SELECT status FROM orders WHERE reference = :reference")
LINE = text("INSERT INTO order_lines (reference, sku) VALUES (:reference, :sku) ON CONFLICT DO NOTHING")
PLACE = text("UPDATE orders SET status = 'placed' WHERE reference = :reference AND status = 'pending'")
CANCEL = text("UPDATE orders SET status = 'cancelled' WHERE reference = :reference AND status = 'pending'")


class Order(BaseModel):
    """What the buyer asks for; the reference is the buyer's own."""

    reference: str
    lines: list[str]


@app.post("/orders", status_code=201)
async def place(order: Order, request: Request) -> dict[str, str]:
    """Keep an order, then add its lines and place it; an order that was only kept is taken up again."""
    key = {"reference": order.reference}
    async with engine.begin() as connection:
        await connection.execute(KEEP, key)
        if await connection.scalar(STATUS, key) == "cancelled":
            raise HTTPException(409, "this order was cancelled")
    if await request.is_disconnected():
        async with engine.begin() as connection:
            await connection.execute(CANCEL, key)
        return {"status": "cancelled"}
    async with engine.begin() as connection:
        for sku in order.lines:
            await connection.execute(LINE, {**key, "sku": sku})
        await connection.execute(PLACE, key)
    return {"status": "placed"}


@app.get("/orders/{reference}")
async def read(reference: str) -> dict[str, str]:
    """Show an order."""
    async with engine.connect() as connection:
        status = await connection.scalar(STATUS, {"reference": reference})
    if status is None:
        raise HTTPException(404)
    return {"status": status}
