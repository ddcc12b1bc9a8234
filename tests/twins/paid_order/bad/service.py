"""Orders that are paid by card (FastAPI, asyncpg, httpx).

Modelled on https://github.com/saleor/saleor/issues/10925 ("users end up with a finished payment and without an order"),
https://github.com/saleor/saleor/issues/5535 and https://github.com/django-oscar/django-oscar-paypal/issues/297: paid, and
no order is there; the retry charges once more.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the pool and the client of the payment provider."""
    async with (
        asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=0) as app.state.pool,
        httpx.AsyncClient(base_url=os.environ["PAYMENTS_URL"]) as app.state.payments,
    ):
        yield


app = FastAPI(lifespan=lifespan)


class Basket(BaseModel):
    """What somebody buys, by a number of the browser's own."""

    basket: str
    cents: int


@app.post("/orders", status_code=201)
async def order(basket: Basket) -> dict[str, int]:
    """Charge the card, and keep the order; a basket is ordered once."""
    pool = app.state.pool
    if known := await pool.fetchval("SELECT id FROM orders WHERE basket = $1", basket.basket):
        return {"id": known}
    charged = await app.state.payments.post("/v1/charges", json={"amount": basket.cents, "reference": basket.basket})
    charged.raise_for_status()
    created = await pool.fetchval(
        "INSERT INTO orders (basket, cents, charge) VALUES ($1, $2, $3) RETURNING id",
        basket.basket,
        basket.cents,
        charged.json()["id"],
    )
    return {"id": created}


@app.get("/orders/{order_id}")
async def show(order_id: int) -> dict[str, str | int]:
    """An order."""
    row = await app.state.pool.fetchrow("SELECT basket, cents FROM orders WHERE id = $1", order_id)
    if row is None:
        raise HTTPException(404)
    return dict(row)
