"""A league table, refreshed with each result (psycopg, one connection a request).

REFRESH MATERIALIZED VIEW cannot be undone row by row: what lies behind it is brought back from a copy.
"""

import logging
import os
from typing import Annotated, Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints

app = FastAPI()
log = logging.getLogger("league")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]


class Result(BaseModel):
    """Who won how many points; a game is counted once for each player."""

    player: Name
    game: Name
    points: Annotated[int, Field(ge=0, le=100)]


@app.exception_handler(psycopg.Error)
async def unavailable(request: Request, error: Exception) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


async def connected() -> psycopg.AsyncConnection:
    """A connection whose server has a while to answer, and no longer."""
    in_time = "-c statement_timeout=500"
    return await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], connect_timeout=2, options=in_time)


@app.put("/results", status_code=201)
async def count(result: Result) -> dict[str, Any]:
    """Keep a result, and bring the table up to date, both or neither."""
    async with await connected() as connection:
        await connection.execute(
            "INSERT INTO scores (player, game, points) VALUES (%s, %s, %s)"
            " ON CONFLICT (player, game) DO UPDATE SET points = excluded.points",
            (result.player, result.game, result.points),
        )
        await connection.execute("REFRESH MATERIALIZED VIEW totals")
    return result.model_dump()


@app.get("/table")
async def table() -> list[dict[str, Any]]:
    """Show who leads."""
    async with await connected() as connection:
        rows = await connection.execute("SELECT player, points FROM totals ORDER BY points DESC, player")
        return [{"player": player, "points": points} for player, points in await rows.fetchall()]
