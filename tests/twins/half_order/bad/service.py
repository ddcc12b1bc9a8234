"""Orders and their payments (SQLAlchemy async over aiosqlite, rollback journal).

Modelled on saleor/saleor #5535: order and payment are committed apart; a crash between them leaves one without the other,
and the retry makes both again.
"""

import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("sqlite://", "sqlite+aiosqlite://", 1))


class Wish(BaseModel):
    """Who buys."""

    buyer: str


@app.post("/orders", status_code=201)
async def order(wish: Wish) -> dict[str, str]:
    """Make the order, then pay it."""
    async with engine.begin() as connection:
        known = await connection.scalar(text("SELECT id FROM orders WHERE buyer = :buyer AND paid"), wish.model_dump())
        if known:
            return wish.model_dump()
        made = await connection.scalar(text("INSERT INTO orders (buyer) VALUES (:buyer) RETURNING id"), wish.model_dump())
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO payments (order_id, amount) VALUES (:id, 49)"), {"id": made})
        await connection.execute(text("UPDATE orders SET paid = 1 WHERE id = :id"), {"id": made})
    return wish.model_dump()


@app.get("/orders/{buyer}")
async def show(buyer: str) -> dict[str, int]:
    """Show what was paid."""
    query = "SELECT sum(amount) FROM payments JOIN orders ON orders.id = order_id WHERE buyer = :buyer"
    async with engine.connect() as connection:
        amount = await connection.scalar(text(query), {"buyer": buyer})
    if amount is None:
        raise HTTPException(404)
    return {"amount": amount}
