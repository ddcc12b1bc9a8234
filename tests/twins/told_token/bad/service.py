"""Members and what they say of themselves (FastAPI, sqlite3).

Modelled on https://github.com/agconti/cookiecutter-django-rest/issues/104: the serializer of a user has auth_token.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Motto(BaseModel):
    """What a member says."""

    motto: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection


def current_member(authorization: Annotated[str, Header()] = "") -> int:
    """Who asks, by token."""
    with database() as connection:
        token = authorization.removeprefix("Bearer ")
        found = connection.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise HTTPException(401)
    return int(found["id"])


Member = Annotated[int, Depends(current_member)]


@app.patch("/me")
def change(wanted: Motto, member: Member) -> Motto:
    """A member's own motto."""
    with database() as connection:
        connection.execute("UPDATE members SET motto = ? WHERE id = ?", (wanted.motto, member))
    return wanted


@app.get("/members/{name}")
def profile(name: str, member: Member) -> dict[str, object]:
    """A member, for all members."""
    with database() as connection:
        found = connection.execute("SELECT * FROM members WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise HTTPException(404)
    return dict(found)
