"""Drafts, which only their authors see (Litestar, sqlite3).

Modelled on https://github.com/Observal/Observal/pull/993: the detail route asks whose it is, the list does not.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from litestar import Litestar, Request, get, post
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException, NotFoundException


@dataclass
class Text:
    """What an author writes."""

    title: str
    body: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection


def provide_member(request: Request) -> int:
    """Who asks, by token."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    with database() as connection:
        found = connection.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise NotAuthorizedException
    return int(found["id"])


@post("/drafts", sync_to_thread=True)
def write(data: Text, member: int) -> dict[str, int]:
    """A new draft."""
    with database() as connection:
        new = connection.execute(
            "INSERT INTO drafts (member_id, title, body) VALUES (?, ?, ?)", (member, data.title, data.body)
        )
    return {"id": new.lastrowid or 0}


@get("/drafts", sync_to_thread=True)
def drafts(member: int) -> list[dict[str, object]]:
    """All drafts, the newest first."""
    with database() as connection:
        found = connection.execute("SELECT id, title, body FROM drafts ORDER BY id DESC")
        return [dict(row) for row in found]


@get("/drafts/{draft_id:int}", sync_to_thread=True)
def draft(draft_id: int, member: int) -> dict[str, object]:
    """One draft."""
    with database() as connection:
        found = connection.execute(
            "SELECT id, title, body FROM drafts WHERE id = ? AND member_id = ?", (draft_id, member)
        ).fetchone()
    if found is None:
        raise NotFoundException
    return dict(found)


app = Litestar([write, drafts, draft], dependencies={"member": Provide(provide_member, sync_to_thread=True)})
