"""Private log entries (FastAPI, sqlite3).

Modelled on https://github.com/bkness/devlogger/issues/67: whoever is signed in and knows an entry's number can update
and delete it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Text(BaseModel):
    """What an entry says."""

    text: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


def member(authorization: Annotated[str, Header()] = "") -> int:
    """Who asks, by token."""
    with database() as connection:
        token = authorization.removeprefix("Bearer ")
        found = connection.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise HTTPException(401)
    return int(found[0])


Member = Annotated[int, Depends(member)]


@app.post("/entries", status_code=201)
def write(wanted: Text, member: Member) -> dict[str, int]:
    """A new entry."""
    with database() as connection:
        new = connection.execute("INSERT INTO entries (member_id, text) VALUES (?, ?)", (member, wanted.text))
    return {"id": new.lastrowid or 0}


@app.get("/entries/{entry_id}")
def read(entry_id: int, member: Member) -> dict[str, str]:
    """One of the member's own entries."""
    with database() as connection:
        found = connection.execute(
            "SELECT text FROM entries WHERE id = ? AND member_id = ?", (entry_id, member)
        ).fetchone()
    if found is None:
        raise HTTPException(404)
    return {"text": found[0]}


@app.put("/entries/{entry_id}")
def change(entry_id: int, wanted: Text, member: Member) -> dict[str, str]:
    """The entry with another text."""
    with database() as connection:
        changed = connection.execute("UPDATE entries SET text = ? WHERE id = ?", (wanted.text, entry_id))
    if not changed.rowcount:
        raise HTTPException(404)
    return {"text": wanted.text}


@app.delete("/entries/{entry_id}", status_code=204)
def delete(entry_id: int, member: Member) -> None:
    """No entry any more."""
    with database() as connection:
        gone = connection.execute("DELETE FROM entries WHERE id = ?", (entry_id,))
    if not gone.rowcount:
        raise HTTPException(404)
