"""A guest book (psycopg async, one connection a request)."""

import os

import psycopg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
URL = os.environ["DATABASE_URL"]


class Note(BaseModel):
    """What a guest leaves; the key is the guest's own."""

    key: str
    body: str


@app.post("/notes", status_code=201)
async def leave(note: Note) -> dict[str, str]:
    """Keep a note, once for each key."""
    async with await psycopg.AsyncConnection.connect(URL) as connection:
        await connection.execute(
            "INSERT INTO notes (key, body) VALUES (%s, %s) ON CONFLICT DO NOTHING", [note.key, note.body]
        )
    return note.model_dump()


@app.get("/notes/{key}")
async def read(key: str) -> dict[str, str]:
    """Show a note."""
    async with await psycopg.AsyncConnection.connect(URL) as connection:
        found = await connection.execute("SELECT body FROM notes WHERE key = %s", [key])
        row = await found.fetchone()
    if row is None:
        raise HTTPException(404)
    return {"key": key, "body": row[0]}
