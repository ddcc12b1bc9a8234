"""A directory of agents, page by page (FastAPI, sqlite3)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Annotated

from fastapi import Depends, FastAPI, Query

app = FastAPI()


def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"], check_same_thread=False)) as connection:
        yield connection


@app.get("/agents")
def agents(
    connection: Annotated[sqlite3.Connection, Depends(database)],
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[str]:
    """One page of the directory, by name."""
    rows = connection.execute("SELECT name FROM agents ORDER BY name LIMIT ? OFFSET ?", (limit, (page - 1) * limit))
    return [name for (name,) in rows]
