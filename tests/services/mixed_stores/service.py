"""Orders in PostgreSQL (psycopg on threads), and a SQLite file that says which of them were seen (sqlite3)."""

import logging
import os
import sqlite3
from contextlib import closing
from typing import Annotated

import psycopg
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints

app = FastAPI()
log = logging.getLogger("shop")
Buyer = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]


class Wish(BaseModel):
    """Who buys."""

    buyer: Buyer


@app.exception_handler(psycopg.Error)
@app.exception_handler(sqlite3.Error)
async def unavailable(request: Request, error: Exception) -> JSONResponse:
    """One of the stores is not there, or not as it should be; what is kept in the other is taken up by the retry."""
    log.error("%s %s: a store failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


def connected() -> psycopg.Connection:
    """A connection whose server has a while to answer, and no longer."""
    return psycopg.connect(os.environ["ORDERS"], connect_timeout=2, options="-c statement_timeout=500")


@app.post("/orders", status_code=201)
def order(wish: Wish) -> dict[str, str]:
    """Keep the order, once for each buyer; then note that it was seen, once for each order."""
    insert = "INSERT INTO orders (buyer) VALUES (%s) ON CONFLICT DO NOTHING"
    with connected() as orders:
        orders.execute(insert, (wish.buyer,))
        row = orders.execute("SELECT id FROM orders WHERE buyer = %s", (wish.buyer,)).fetchone()
    with closing(sqlite3.connect(os.environ["SEEN"], timeout=1)) as seen, seen:
        seen.execute("INSERT INTO seen (order_id) VALUES (?) ON CONFLICT DO NOTHING", row)
    return {"buyer": wish.buyer}


@app.get("/orders/{buyer}")
def show(buyer: Buyer) -> dict[str, int]:
    """Show how often an order was seen."""
    with connected() as orders:
        row = orders.execute("SELECT id FROM orders WHERE buyer = %s", (buyer,)).fetchone()
    if row is None:
        raise HTTPException(404)
    with closing(sqlite3.connect(os.environ["SEEN"], timeout=1)) as seen:
        (count,) = seen.execute("SELECT count(*) FROM seen WHERE order_id = ?", row).fetchone()
    return {"seen": count}
