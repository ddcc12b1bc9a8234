"""A guest book (psycopg async, one connection).

Modelled on fastapi/full-stack-fastapi-template #31: after the server closed the connection, each request failed.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Connect once; requests take turns."""
    app.state.turn = asyncio.Lock()
    async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"]) as app.state.connection:
        yield


app = FastAPI(lifespan=lifespan)


class Note(BaseModel):
    """What a guest leaves; the key is the guest's own."""

    key: str
    body: str


@app.post("/notes", status_code=201)
async def leave(note: Note) -> dict[str, str]:
    """Keep a note, once for each key."""
    connection = app.state.connection
    async with app.state.turn, connection.transaction():
        await connection.execute(
            "INSERT INTO notes (key, body) VALUES (%s, %s) ON CONFLICT DO NOTHING", [note.key, note.body]
        )
    return note.model_dump()


@app.get("/notes/{key}")
async def read(key: str) -> dict[str, str]:
    """Show a note."""
    connection = app.state.connection
    async with app.state.turn, connection.transaction():
        found = await connection.execute("SELECT body FROM notes WHERE key = %s", [key])
        row = await found.fetchone()
    if row is None:
        raise HTTPException(404)
    return {"key": key, "body": row[0]}
