"""A shop that keeps a receipt of each order (SQLAlchemy async, asyncpg)."""

import os
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1))
ORDER = text("INSERT INTO orders (reference, amount) VALUES (:reference, :amount) ON CONFLICT DO NOTHING")
RECEIPT = text("INSERT INTO receipts (reference) VALUES (:reference) ON CONFLICT DO NOTHING")


class Order(BaseModel):
    """What the buyer asks for; the reference is the buyer's own."""

    reference: str
    amount: int


async def write_receipt(connection: AsyncConnection, reference: str) -> None:
    """Keep a receipt, one for each order."""
    await connection.execute(RECEIPT, {"reference": reference})


@app.post("/orders", status_code=201)
async def place(order: Order) -> dict[str, Any]:
    """Take an order, once for each reference."""
    async with engine.begin() as connection:
        await connection.execute(ORDER, order.model_dump())
        await write_receipt(connection, order.reference)
    return order.model_dump()


@app.get("/orders/{reference}")
async def read(reference: str) -> dict[str, Any]:
    """Show an order."""
    async with engine.connect() as connection:
        amount = await connection.scalar(
            text("SELECT amount FROM orders WHERE reference = :reference"), {"reference": reference}
        )
    if amount is None:
        raise HTTPException(404)
    return {"reference": reference, "amount": amount}
