"""Polls among people without accounts: the link is the permission (FastAPI, sqlite3, WAL)."""

import logging
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints

log = logging.getLogger("polls")
app = FastAPI()
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Poll(BaseModel):
    """What is asked."""

    question: Line


class Vote(BaseModel):
    """What a guest wants."""

    choice: Line


@app.exception_handler(sqlite3.OperationalError)
def unavailable(request: Request, error: sqlite3.OperationalError) -> JSONResponse:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.exception_handler(RequestValidationError)
def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


def owner(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """Who has this key."""
    with database() as connection:
        found = connection.execute("SELECT name FROM people WHERE key = ?", (bearer.credentials,)).fetchone()
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return str(found[0])


Owner = Annotated[str, Depends(owner)]


@app.put("/polls/{name}")
def ask(name: Line, poll: Poll, owner: Owner) -> dict[str, str]:
    """Ask, or ask something else under the same link."""
    with database() as connection:
        (link,) = connection.execute(
            "INSERT INTO polls (owner, name, question, link) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (owner, name) DO UPDATE SET question = excluded.question RETURNING link",
            (owner, name, poll.question, secrets.token_urlsafe(24)),
        ).fetchone()
    return {"question": poll.question, "link": f"/p/{link}"}


@app.get("/polls/{name}")
def results(name: Line, owner: Owner) -> dict[str, str]:
    """Who wants what, for the one who asked."""
    with database() as connection:
        poll = connection.execute("SELECT id FROM polls WHERE owner = ? AND name = ?", (owner, name)).fetchone()
        if poll is None:
            raise HTTPException(404)
        return dict(connection.execute("SELECT guest, choice FROM votes WHERE poll = ? ORDER BY guest", poll))


@app.get("/p/{link}")
def show(link: str) -> dict[str, str]:
    """Show the question to whoever has the link."""
    with database() as connection:
        found = connection.execute("SELECT question FROM polls WHERE link = ?", (link,)).fetchone()
    if found is None:
        raise HTTPException(404)
    return {"question": found[0]}


@app.put("/p/{link}/votes/{guest}")
def vote(link: str, guest: Line, vote: Vote) -> dict[str, str]:
    """Take a guest's vote, or his new one: whoever has the link is trusted with names, too."""
    with database() as connection:
        taken = connection.execute(
            "INSERT INTO votes (poll, guest, choice) SELECT id, ?, ? FROM polls WHERE link = ?"
            " ON CONFLICT (poll, guest) DO UPDATE SET choice = excluded.choice",
            (guest, vote.choice, link),
        ).rowcount
    if not taken:
        raise HTTPException(404)
    return {"guest": guest, "choice": vote.choice}
