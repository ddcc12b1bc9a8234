"""Proposals of members, which a moderator accepts; who tries more than his role allows is noted (Litestar, sqlite3)."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from litestar import Litestar, MediaType, Request, Response, get, post, put
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.params import Parameter

log = logging.getLogger("proposals")


@dataclass
class Proposal:
    """What a member wants."""

    text: str

    def __post_init__(self) -> None:
        if not 0 < len(self.text) <= 2000:
            raise ValueError("a proposal has between 1 and 2000 characters")


@dataclass
class Person:
    """Who asks, and what he may do."""

    name: str
    role: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


def unavailable(request: Request, error: sqlite3.OperationalError) -> Response:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return Response({"detail": "try again later"}, status_code=503, media_type=MediaType.JSON)


def find_person(key: Annotated[str, Parameter(header="X-Api-Key")]) -> Person:
    """Who has this key."""
    with database() as connection:
        found = connection.execute("SELECT name, role FROM people WHERE key = ?", [key]).fetchone()
    if found is None:
        raise NotAuthorizedException
    return Person(*found)


def find_moderator(request: Request, person: Person) -> Person:
    """The moderator who asks; everybody else is refused, and that he tried is kept."""
    if person.role != "moderator":
        with database() as connection:
            tried = [person.name, request.method, request.url.path]
            connection.execute("INSERT INTO refusals (person, method, path) VALUES (?, ?, ?)", tried)
        raise PermissionDeniedException("only moderators may do this")
    return person


@put("/proposals/{name:str}", sync_to_thread=False)
def propose(person: Person, name: str, data: Proposal) -> dict[str, str]:
    """Propose something, or say it better as long as it is open."""
    upsert = """
        INSERT INTO proposals (id, person, name, text) VALUES (?, ?, ?, ?)
        ON CONFLICT (person, name) DO UPDATE SET text = excluded.text WHERE proposals.status = 'open' RETURNING id
    """
    with database() as connection:
        found = connection.execute(upsert, [str(uuid4()), person.name, name, data.text]).fetchone()
    if found is None:
        raise PermissionDeniedException("this proposal was accepted")
    return {"id": found[0], "text": data.text}


@get("/proposals", sync_to_thread=False)
def queue(moderator: Person) -> list[dict[str, str]]:
    """What is to be decided, for moderators."""
    with database() as connection:
        found = connection.execute("SELECT id, text FROM proposals WHERE status = 'open' ORDER BY text").fetchall()
    return [{"id": id_, "text": text} for id_, text in found]


@post("/proposals/{id_:uuid}/accept", status_code=200, sync_to_thread=False)
def accept(moderator: Person, id_: UUID) -> dict[str, str]:
    """Accept a proposal."""
    query = "UPDATE proposals SET status = 'accepted' WHERE id = ? RETURNING text, status"
    with database() as connection:
        found = connection.execute(query, [str(id_)]).fetchone()
    if found is None:
        raise NotFoundException
    return {"text": found[0], "status": found[1]}


@get("/proposals/{id_:uuid}", sync_to_thread=False)
def show(person: Person, id_: UUID) -> dict[str, str]:
    """Show a proposal: one's own; an accepted one to everybody; all to moderators."""
    query = """
        SELECT text, status FROM proposals
        WHERE id = ? AND (status = 'accepted' OR person = ? OR ? = 'moderator')
    """
    with database() as connection:
        found = connection.execute(query, [str(id_), person.name, person.role]).fetchone()
    if found is None:
        raise NotFoundException
    return {"text": found[0], "status": found[1]}


app = Litestar(
    [propose, queue, accept, show],
    dependencies={
        "person": Provide(find_person, sync_to_thread=False),
        "moderator": Provide(find_moderator, sync_to_thread=False),
    },
    exception_handlers={sqlite3.OperationalError: unavailable},
)
