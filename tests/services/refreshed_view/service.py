"""A league table, refreshed with each result (psycopg, one connection a request).

REFRESH MATERIALIZED VIEW cannot be undone row by row: what lies behind it is brought back from a copy.
"""

import os
from typing import Any

import psycopg
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Result(BaseModel):
    """Who won how many points; a game is counted once for each player."""

    player: str
    game: str
    points: int


@app.put("/results", status_code=201)
async def count(result: Result) -> dict[str, Any]:
    """Keep a result, and bring the table up to date, both or neither."""
    async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"]) as connection:
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
    async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"]) as connection:
        rows = await connection.execute("SELECT player, points FROM totals ORDER BY points DESC, player")
        return [{"player": player, "points": points} for player, points in await rows.fetchall()]
