"""Projects and their assets (Litestar, sqlite3).

Modelled on https://github.com/makeplane/plane/pull/8644 and https://github.com/apache/tooling-trusted-releases/issues/974:
who may enter the project is asked, and the asset is then looked up by its id alone.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from litestar import Litestar, Request, patch, post
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException, NotFoundException


@dataclass
class Name:
    """What something is called."""

    name: str


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


def provide_member(request: Request) -> int:
    """Who asks, by token."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    with database() as connection:
        found = connection.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise NotAuthorizedException
    return int(found[0])


def enter(connection: sqlite3.Connection, project_id: int, member: int) -> None:
    """Only a project's own member may go on."""
    query = "SELECT 1 FROM projects WHERE id = ? AND member_id = ?"
    if connection.execute(query, (project_id, member)).fetchone() is None:
        raise NotFoundException


@post("/projects", sync_to_thread=True)
def begin(data: Name, member: int) -> dict[str, int]:
    """A new project."""
    with database() as connection:
        new = connection.execute("INSERT INTO projects (member_id, name) VALUES (?, ?)", (member, data.name))
    return {"id": new.lastrowid or 0}


@post("/projects/{project_id:int}/assets", sync_to_thread=True)
def add(project_id: int, data: Name, member: int) -> dict[str, int]:
    """A new asset of a project."""
    with database() as connection:
        enter(connection, project_id, member)
        new = connection.execute("INSERT INTO assets (project_id, name) VALUES (?, ?)", (project_id, data.name))
    return {"id": new.lastrowid or 0}


@patch("/projects/{project_id:int}/assets/{asset_id:int}", sync_to_thread=True)
def rename(project_id: int, asset_id: int, data: Name, member: int) -> dict[str, str]:
    """An asset with another name."""
    with database() as connection:
        enter(connection, project_id, member)
        changed = connection.execute("UPDATE assets SET name = ? WHERE id = ?", (data.name, asset_id))
        if not changed.rowcount:
            raise NotFoundException
    return {"name": data.name}


app = Litestar([begin, add, rename], dependencies={"member": Provide(provide_member, sync_to_thread=True)})
