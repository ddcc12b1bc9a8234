"""Boards, which only their members read (FastAPI, sqlite3).

Modelled on https://github.com/suitenumerique/projects/pull/95: who may read a board is asked where it is shown, and not
where it is duplicated.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Board(BaseModel):
    """What a member begins."""

    name: str
    plan: str


def connect() -> Iterator[sqlite3.Connection]:
    """The connection is the request's own."""
    with closing(sqlite3.connect(os.environ["DATABASE"], check_same_thread=False)) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection


Connection = Annotated[sqlite3.Connection, Depends(connect)]


def know_member(db: Connection, authorization: Annotated[str, Header()] = "") -> int:
    """Who asks, by token."""
    token = authorization.removeprefix("Bearer ")
    found = db.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise HTTPException(401)
    return int(found["id"])


Member = Annotated[int, Depends(know_member)]


def find(db: sqlite3.Connection, board_id: int, member: int) -> sqlite3.Row:
    """One of the member's own boards."""
    found = db.execute("SELECT * FROM boards WHERE id = ? AND member_id = ?", (board_id, member)).fetchone()
    if found is None:
        raise HTTPException(404)
    return found


def add(db: sqlite3.Connection, board: Board, member: int) -> dict[str, Any]:
    """A new board of the member's."""
    new = db.execute("INSERT INTO boards (member_id, name, plan) VALUES (?, ?, ?)", (member, board.name, board.plan))
    return {"id": new.lastrowid, "name": board.name, "plan": board.plan}


@app.post("/boards", status_code=201)
def begin(board: Board, member: Member, db: Connection) -> dict[str, Any]:
    """A new board."""
    return add(db, board, member)


@app.get("/boards/{board_id}")
def read(board_id: int, member: Member, db: Connection) -> dict[str, Any]:
    """One of the member's own boards."""
    found = find(db, board_id, member)
    return {"id": board_id, "name": found["name"], "plan": found["plan"]}


@app.post("/boards/{board_id}/duplicate", status_code=201)
def duplicate(board_id: int, member: Member, db: Connection) -> dict[str, Any]:
    """The same board once more, which is the member's."""
    found = find(db, board_id, member)
    return add(db, Board(name=found["name"], plan=found["plan"]), member)
