"""Profiles of a help desk (FastAPI, sqlite3)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

app = FastAPI()
Handle = Annotated[str, Path(pattern="^[a-z0-9-]{1,40}$")]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class Member(BaseModel):
    """Somebody new."""

    handle: Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$")]
    name: Name


class Updates(BaseModel):
    """What is to be changed."""

    name: Name


@app.exception_handler(RequestValidationError)
def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
    """Say what is wrong without the value: not every value can be written as JSON."""
    return JSONResponse({"detail": [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]}, 422)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request, in one transaction."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


@app.post("/profiles", status_code=201)
def join(member: Member) -> dict[str, str]:
    """Join the help desk; who is there already stays."""
    with database() as connection:
        connection.execute(
            "INSERT INTO profiles (handle, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (member.handle, member.name)
        )
    return {"handle": member.handle}


@app.patch("/profiles/{handle}")
def update(handle: Handle, updates: Updates) -> dict[str, str]:
    """Change a profile."""
    with database() as connection:
        found = connection.execute("UPDATE profiles SET name = ? WHERE handle = ?", (updates.name, handle))
        if not found.rowcount:
            raise HTTPException(404)
    return {"status": "updated"}
