"""Seats of guests, one each (plain sqlite3 on threads, WAL)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Wish(BaseModel):
    """Who wants a seat."""

    guest: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


@app.post("/seats", status_code=201)
def take(wish: Wish) -> dict[str, str]:
    """Take a seat, unless the guest has one."""
    with database() as connection:
        connection.execute("INSERT INTO seats (guest) VALUES (?) ON CONFLICT DO NOTHING", (wish.guest,))
    return {"guest": wish.guest}


@app.get("/seats/{guest}")
def seat(guest: str) -> dict[str, int]:
    """Show how many seats a guest has."""
    with database() as connection:
        (count,) = connection.execute("SELECT count(*) FROM seats WHERE guest = ?", (guest,)).fetchone()
    if not count:
        raise HTTPException(404)
    return {"seats": count}
