"""A help desk (FastAPI, sqlite3).

Modelled on https://github.com/riteshbonthalakoti/HELPDESK.AI/issues/3049: the admin's router depends on a user who is
signed in, whatever the role.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class Text(BaseModel):
    """What somebody asks."""

    text: str


class Member(NamedTuple):
    """Who asks."""

    id: int
    role: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


def current_member(authorization: Annotated[str, Header()] = "") -> Member:
    """Who asks, by token."""
    with database() as connection:
        token = authorization.removeprefix("Bearer ")
        found = connection.execute("SELECT id, role FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise HTTPException(401)
    return Member(*found)


def current_admin(member: Annotated[Member, Depends(current_member)]) -> Member:
    """An admin who asks."""
    if member.role != "admin":
        raise HTTPException(403)
    return member


app = FastAPI()
admin = APIRouter(prefix="/admin", dependencies=[Depends(current_admin)])


@app.post("/tickets", status_code=201)
def ask(wanted: Text, member: Annotated[Member, Depends(current_member)]) -> dict[str, int]:
    """A new ticket."""
    with database() as connection:
        new = connection.execute("INSERT INTO tickets (member_id, text) VALUES (?, ?)", (member.id, wanted.text))
    return {"id": new.lastrowid or 0}


@app.get("/tickets/{ticket_id}")
def read(ticket_id: int, member: Annotated[Member, Depends(current_member)]) -> dict[str, str]:
    """One of the member's own tickets; an admin's are all."""
    with database() as connection:
        found = connection.execute(
            "SELECT text, state FROM tickets WHERE id = ? AND (member_id = ? OR ? = 'admin')",
            (ticket_id, member.id, member.role),
        ).fetchone()
    if found is None:
        raise HTTPException(404)
    return {"text": found[0], "state": found[1]}


@admin.post("/tickets/{ticket_id}/close", status_code=204)
def close(ticket_id: int) -> None:
    """A ticket that is done."""
    with database() as connection:
        closed = connection.execute("UPDATE tickets SET state = 'closed' WHERE id = ?", (ticket_id,))
    if not closed.rowcount:
        raise HTTPException(404)


app.include_router(admin)
