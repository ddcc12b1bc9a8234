"""Orders in PostgreSQL (psycopg on threads), and a SQLite file that says which of them were seen (sqlite3)."""

import os
import sqlite3
from contextlib import closing

import psycopg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Wish(BaseModel):
    """Who buys."""

    buyer: str


@app.post("/orders", status_code=201)
def order(wish: Wish) -> dict[str, str]:
    """Keep the order, once for each buyer; then note that it was seen, once for each order."""
    insert = "INSERT INTO orders (buyer) VALUES (%s) ON CONFLICT DO NOTHING"
    with psycopg.connect(os.environ["ORDERS"]) as orders:
        orders.execute(insert, (wish.buyer,))
        row = orders.execute("SELECT id FROM orders WHERE buyer = %s", (wish.buyer,)).fetchone()
    with closing(sqlite3.connect(os.environ["SEEN"])) as seen, seen:
        seen.execute("INSERT INTO seen (order_id) VALUES (?) ON CONFLICT DO NOTHING", row)
    return {"buyer": wish.buyer}


@app.get("/orders/{buyer}")
def show(buyer: str) -> dict[str, int]:
    """Show how often an order was seen."""
    with psycopg.connect(os.environ["ORDERS"]) as orders:
        row = orders.execute("SELECT id FROM orders WHERE buyer = %s", (buyer,)).fetchone()
    if row is None:
        raise HTTPException(404)
    with closing(sqlite3.connect(os.environ["SEEN"])) as seen:
        (count,) = seen.execute("SELECT count(*) FROM seen WHERE order_id = ?", row).fetchone()
    return {"seen": count}
