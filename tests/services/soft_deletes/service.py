"""Notes that can be deleted, and stay in the table for the auditors (Litestar, sqlite3, WAL)."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Annotated

from litestar import Litestar, MediaType, Request, Response, delete, get, put
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import Parameter

log = logging.getLogger("notes")


@dataclass
class Note:
    """What somebody wants to remember."""

    text: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


def unavailable(request: Request, error: sqlite3.OperationalError) -> Response:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return Response({"detail": "try again later"}, status_code=503, media_type=MediaType.JSON)


def find_person(key: Annotated[str, Parameter(header="X-Api-Key")]) -> str:
    """Who has this key."""
    with database() as connection:
        found = connection.execute("SELECT name FROM people WHERE key = ?", (key,)).fetchone()
    if found is None:
        raise NotAuthorizedException
    return str(found[0])


@put("/notes/{name:str}", sync_to_thread=False)
def keep(person: str, name: str, data: Note) -> Note:
    """Keep a note, or what it says now; one that was deleted is there again."""
    with database() as connection:
        connection.execute(
            "INSERT INTO notes (person, name, text) VALUES (?, ?, ?)"
            " ON CONFLICT (person, name) DO UPDATE SET text = excluded.text, deleted = NULL",
            (person, name, data.text),
        )
    return data


@get("/notes/{name:str}", sync_to_thread=False)
def show(person: str, name: str) -> Note:
    """Show a note."""
    query = "SELECT text FROM notes WHERE person = ? AND name = ? AND deleted IS NULL"
    with database() as connection:
        found = connection.execute(query, (person, name)).fetchone()
    if found is None:
        raise NotFoundException
    return Note(text=found[0])


@get("/notes", sync_to_thread=False)
def names(person: str) -> list[str]:
    """All that is not deleted."""
    query = "SELECT name FROM notes WHERE person = ? AND deleted IS NULL ORDER BY name"
    with database() as connection:
        return [name for (name,) in connection.execute(query, (person,))]


@delete("/notes/{name:str}", sync_to_thread=False)
def remove(person: str, name: str) -> None:
    """Delete a note; one that is deleted is not there to be deleted."""
    gone = "UPDATE notes SET deleted = CURRENT_TIMESTAMP WHERE person = ? AND name = ? AND deleted IS NULL"
    with database() as connection:
        removed = connection.execute(gone, (person, name)).rowcount
    if not removed:
        raise NotFoundException


app = Litestar(
    [keep, show, names, remove],
    dependencies={"person": Provide(find_person, sync_to_thread=False)},
    exception_handlers={sqlite3.OperationalError: unavailable},
)
