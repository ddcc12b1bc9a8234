"""Members of a club (FastAPI, psycopg on threads).

Modelled on https://github.com/amiv-eth/amivapi/issues/23 (the API returns the hash of a user's password) and
https://github.com/Mailu/Mailu/issues/3857.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
from fastapi import FastAPI, HTTPException, Response
from psycopg.rows import DictRow, dict_row
from pydantic import BaseModel

app = FastAPI()


class Joining(BaseModel):
    """Who joins."""

    email: str
    password: str


class Member(BaseModel):
    """What others may know of a member."""

    id: int
    email: str
    joined_at: datetime


@contextmanager
def database() -> Iterator[psycopg.Connection[DictRow]]:
    """A connection for one request."""
    with psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row) as connection:
        yield connection


@app.post("/members", status_code=201, response_model=Member)
def join(wish: Joining, response: Response) -> DictRow | None:
    """Join the club."""
    salt = os.urandom(8)
    digest = salt.hex() + hashlib.pbkdf2_hmac("sha256", wish.password.encode(), salt, 1000).hex()
    with database() as connection:
        row = connection.execute(
            "INSERT INTO members (email, password_hash) VALUES (%s, %s) "
            "ON CONFLICT (email) DO UPDATE SET email = members.email RETURNING *",
            (wish.email, digest),
        ).fetchone()
    response.headers["Location"] = f"/members/{row['id']}"
    return row


@app.get("/members/{member}")
def show(member: int) -> DictRow:
    """One member."""
    with database() as connection:
        row = connection.execute("SELECT * FROM members WHERE id = %s", (member,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return row
