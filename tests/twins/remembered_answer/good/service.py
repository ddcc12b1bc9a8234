"""Projects, whose pages are kept for a while (FastAPI, sqlite3, redis).

Modelled on https://github.com/nensii21/devlink/issues/1170: a cache's key leaves out who asks.
"""

import functools
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Annotated, Any

import redis
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

KEPT = 300  # seconds
LEFT_OUT = {"db", "request"}  # of a key: what says nothing of the answer
app = FastAPI()
cache = redis.Redis.from_url(os.environ["CACHE_URL"], socket_timeout=1)


class Project(BaseModel):
    """What a member begins."""

    title: str


def connect() -> Iterator[sqlite3.Connection]:
    """The connection is the request's own."""
    with closing(sqlite3.connect(os.environ["DATABASE"], check_same_thread=False)) as connection, connection:
        yield connection


Connection = Annotated[sqlite3.Connection, Depends(connect)]


def know_member(db: Connection, authorization: Annotated[str, Header()] = "") -> int:
    """Who asks, by token."""
    token = authorization.removeprefix("Bearer ")
    found = db.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise HTTPException(401)
    return int(found[0])


Member = Annotated[int, Depends(know_member)]


def kept(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Answer again what was answered a moment ago."""

    @functools.wraps(answer)
    def answer_again(**asked: Any) -> Any:
        key = ":".join([answer.__name__, *(f"{name}={asked[name]}" for name in sorted(asked) if name not in LEFT_OUT)])
        if known := cache.get(key):
            return json.loads(known)
        cache.set(key, json.dumps(new := answer(**asked)), ex=KEPT)
        return new

    return answer_again


@app.post("/projects", status_code=201)
def begin(project: Project, member: Member, db: Connection) -> dict[str, Any]:
    """A new project."""
    new = db.execute("INSERT INTO projects (member_id, title) VALUES (?, ?)", (member, project.title))
    return {"id": new.lastrowid, "title": project.title}


@app.get("/projects/{project_id}")
@kept
def read(project_id: int, member: Member, db: Connection) -> dict[str, Any]:
    """One of the member's own projects."""
    found = db.execute("SELECT title FROM projects WHERE id = ? AND member_id = ?", (project_id, member)).fetchone()
    if found is None:
        raise HTTPException(404)
    return {"id": project_id, "title": found[0]}
