"""Seats, where each request is metered and kept in a journal, whatever becomes of it, and failed attempts are counted."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hmac import compare_digest
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints

app = FastAPI()
LANGUAGE = {"name": "language", "in": "query", "schema": {"type": "string", "enum": ["de", "en"]}}
Text = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9 ]+$")]


class Booking(BaseModel):
    """A seat, and what is to be said of it."""

    seat: Text
    note: Text | None = None


class Credentials(BaseModel):
    """Who signs in."""

    name: Text
    password: Annotated[str, StringConstraints(max_length=80)]


@app.exception_handler(RequestValidationError)
def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


def metered(request: Request) -> None:
    """Count the request and keep a line of it: it is paid for, a refused one too."""
    with database() as connection:
        connection.execute("UPDATE usage SET requests = requests + 1 WHERE customer = 'ann'")
        connection.execute("INSERT INTO journal (method, path) VALUES (?, ?)", (request.method, request.url.path))


@app.post("/bookings", status_code=201, dependencies=[Depends(metered)], openapi_extra={"parameters": [LANGUAGE]})
def book(booking: Booking) -> dict[str, int]:
    """Book a seat. The language is for proxies alone, which answer in it: here nobody reads it."""
    with database() as connection:
        query = "INSERT INTO bookings (seat, note) VALUES (?, ?) RETURNING id"
        (number,) = connection.execute(query, (booking.seat, booking.note)).fetchone()
    return {"id": number}


@app.delete("/bookings/{number}", status_code=204, dependencies=[Depends(metered)])
def cancel(number: Annotated[int, Path(ge=1, lt=2**63)]) -> None:
    """Give a seat back."""
    with database() as connection:
        if not connection.execute("DELETE FROM bookings WHERE id = ?", (number,)).rowcount:
            raise HTTPException(404)


@app.post("/sessions", status_code=201)
def sign_in(credentials: Credentials) -> dict[str, str]:
    """Sign in; attempts that fail are counted until one succeeds."""
    told = credentials.password.encode("utf-8", "replace")
    with database() as connection:
        query = "SELECT password FROM customers WHERE name = ?"
        found = connection.execute(query, (credentials.name,)).fetchone()
        known = found is not None and compare_digest(told, found[0].encode())
        failed = "0" if known else "failed + 1"
        connection.execute(f"UPDATE customers SET failed = {failed} WHERE name = ?", (credentials.name,))
    if not known:
        raise HTTPException(400, "There is nobody of this name with this password.")
    return {"name": credentials.name}


@app.get("/logs")
def logs() -> list[str]:
    """What went wrong last night, for those who look after it."""
    return ['Traceback (most recent call last):\n  File "seats.py", line 7, in print\nOSError: out of paper']
