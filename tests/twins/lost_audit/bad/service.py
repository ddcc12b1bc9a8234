"""Moderation with an audit trail (FastAPI, psycopg async, a connection a request).

Modelled on apache/ponymail-foal #86: where the entry of the audit log cannot be written, nobody is told, neither client nor
log.
"""

import logging
import os

import psycopg
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

log = logging.getLogger("moderation")
app = FastAPI()


class Decision(BaseModel):
    """What becomes of a message."""

    message: str
    hidden: bool


async def connect() -> psycopg.AsyncConnection:
    """A connection that does not wait for ever."""
    options = "-c statement_timeout=500"
    return await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], connect_timeout=2, options=options)


@app.exception_handler(psycopg.Error)
async def unavailable(request: Request, error: psycopg.Error) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


async def add_entry(connection: psycopg.AsyncConnection, decision: Decision) -> None:
    """Write the decision into the audit trail."""
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO audit (message, hidden) VALUES (%s, %s)", [decision.message, decision.hidden]
            )
    except psycopg.Error:
        log.warning("no audit entry for %s", decision.message)


@app.post("/decisions")
async def decide(decision: Decision) -> Decision:
    """Hide a message, or show it again."""
    async with await connect() as connection:
        await connection.execute(
            "INSERT INTO messages (key, hidden) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET hidden = excluded.hidden",
            [decision.message, decision.hidden],
        )
        await add_entry(connection, decision)
    return decision


@app.get("/decisions/{message}")
async def read(message: str) -> dict[str, list[bool]]:
    """What was decided, in its order."""
    async with await connect() as connection:
        found = await connection.execute("SELECT hidden FROM audit WHERE message = %s ORDER BY id", [message])
        return {"decided": [hidden for (hidden,) in await found.fetchall()]}
