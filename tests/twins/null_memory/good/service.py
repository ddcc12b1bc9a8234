"""Memories of an assistant (FastAPI, sqlite3)."""

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
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]


class Memory(BaseModel):
    """What is remembered."""

    content: Text


class Change(BaseModel):
    """What is to be changed; what is left out stays."""

    content: Text = ""
    visibility: Annotated[str, Field(pattern="^(private|shared)$")] = "private"


@app.exception_handler(RequestValidationError)
def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
    """Say what is wrong without the value: not every value can be written as JSON."""
    return JSONResponse({"detail": [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]}, 422)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request, in one transaction."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


@app.post("/memories", status_code=201)
def remember(memory: Memory) -> dict[str, int]:
    """Remember something, for oneself."""
    with database() as connection:
        cursor = connection.execute("INSERT INTO memories (content) VALUES (?)", (memory.content,))
        return {"id": cursor.lastrowid}


@app.patch("/memories/{number}")
def change(number: Number, change: Change) -> dict[str, str]:
    """Change what is given."""
    fields = change.model_dump(exclude_unset=True)
    if not fields:
        raise HTTPException(400, "no fields to update")
    setting = ", ".join(f"{name} = :{name}" for name in fields)
    with database() as connection:
        found = connection.execute(f"UPDATE memories SET {setting} WHERE id = :number", {**fields, "number": number})
        if not found.rowcount:
            raise HTTPException(404)
    return {"status": "updated"}
