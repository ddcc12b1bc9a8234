"""Drops of a shop for collectors, paid with credits (Litestar, sqlite3).

Modelled on holaplex/hub-nfts #163 (https://github.com/holaplex/hub-nfts/issues/163): the credits are looked at in the
end, so the drop is there although it was refused.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import msgspec
from litestar import Litestar, Request, Response, post
from litestar.exceptions import HTTPException

PRICE = 5


class Drop(msgspec.Struct):
    """What is to be dropped, and how often."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    copies: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection, in one transaction."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


def pay(connection: sqlite3.Connection, amount: int) -> None:
    """Take credits from the account.

    Raises:
        HTTPException: there are not so many.
    """
    paid = connection.execute("UPDATE accounts SET credits = credits - ? WHERE credits >= ?", (amount, amount))
    if not paid.rowcount:
        raise HTTPException("not enough credits", status_code=402)


@post("/drops", sync_to_thread=True)
def create(data: Drop) -> dict[str, int]:
    """Create a drop and pay for it."""
    with database() as connection:
        cursor = connection.execute("INSERT INTO drops (title, copies) VALUES (?, ?)", (data.title, data.copies))
    with database() as connection:
        pay(connection, data.copies * PRICE)
    return {"id": cursor.lastrowid}


def unreadable(_: Request, error: UnicodeDecodeError) -> Response:
    """The body is not UTF-8."""
    return Response({"detail": error.reason}, status_code=400)


app = Litestar([create], exception_handlers={UnicodeDecodeError: unreadable})
