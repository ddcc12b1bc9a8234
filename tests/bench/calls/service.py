"""A checkout that asks a lot: some forty calls to two databases and a partner, and it writes in one transaction.

Whatever fails, it answers 503 within two seconds, with a line in its log.
"""

import asyncio
import logging
import os
from typing import Annotated

import httpx
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

log = logging.getLogger("uvicorn.error")
app = FastAPI(title="checkout")

PATIENCE = 1.5
ITEMS = 8


def engine(variable: str) -> AsyncEngine:
    return create_async_engine(
        os.environ[variable], pool_pre_ping=True, connect_args={"connect_timeout": 2, "prepare_threshold": None}
    )


shop, stock = engine("SHOP_URL"), engine("STOCK_URL")
rates = httpx.AsyncClient(base_url=os.environ["RATES_URL"], timeout=PATIENCE)


class Basket(BaseModel):
    reference: str = Field(min_length=4, max_length=80)
    skus: list[str] = Field(min_length=1, max_length=50)


@app.post("/checkout", status_code=201)
async def checkout(basket: Basket, authorization: Annotated[str, Header()]) -> dict[str, object]:
    try:
        async with asyncio.timeout(PATIENCE):
            units = await in_stock(basket)
            prices = await priced(basket)
            async with shop.begin() as database:
                return await ordered(database, basket, units, prices, authorization)
    except (SQLAlchemyError, httpx.HTTPError, OSError, TimeoutError) as error:
        log.exception("POST /checkout %s", basket.reference)
        raise HTTPException(503, "the checkout is not there right now") from error


async def in_stock(basket: Basket) -> dict[str, int]:
    """How many there are, asked one by one, and where they lie."""
    async with stock.connect() as database:
        found = {}
        for sku in basket.skus:
            found[sku] = await database.scalar(text("SELECT units FROM shelves WHERE sku = :sku"), {"sku": sku})
        await database.execute(text("SELECT count(*) FROM shelves"))
        return found


async def priced(basket: Basket) -> dict[str, int]:
    found = {}
    for sku in basket.skus:
        answer = await rates.get(f"/prices/{sku}")
        found[sku] = answer.raise_for_status().json()["price"]
    return found


async def ordered(
    database: AsyncConnection, basket: Basket, units: dict[str, int], prices: dict[str, int], who: str
) -> dict[str, object]:
    """The order with its lines; sent again, it is there already."""
    if min(units.values()) < 1:
        raise HTTPException(409, "there is not enough of it")
    for sku in basket.skus:
        await database.execute(text("SELECT title FROM products WHERE sku = :sku"), {"sku": sku})
    order = await database.scalar(
        text("INSERT INTO orders (reference, who) VALUES (:reference, :who) ON CONFLICT DO NOTHING RETURNING id"),
        {"reference": basket.reference, "who": who},
    )
    if order is not None:
        for sku in basket.skus:
            await database.execute(
                text("INSERT INTO lines (order_id, sku) VALUES (:order, :sku)"), {"order": order, "sku": sku}
            )
    return {"reference": basket.reference, "amount": sum(prices.values())}
