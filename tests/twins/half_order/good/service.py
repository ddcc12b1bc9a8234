"""Orders and their payments (SQLAlchemy async over aiosqlite, rollback journal)."""

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
    """Make the order, or take up one that was begun; then pay it, once."""
    insert = "INSERT INTO orders (buyer) VALUES (:buyer) ON CONFLICT DO NOTHING"
    pay = """
        INSERT INTO payments (order_id, amount) SELECT id, 49 FROM orders WHERE buyer = :buyer
        ON CONFLICT DO NOTHING
    """
    async with engine.begin() as connection:
        await connection.execute(text(insert), wish.model_dump())
    async with engine.begin() as connection:
        await connection.execute(text(pay), wish.model_dump())
        await connection.execute(text("UPDATE orders SET paid = 1 WHERE buyer = :buyer"), wish.model_dump())
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
