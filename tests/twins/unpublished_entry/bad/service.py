"""Articles with a search of their own (FastAPI, asyncpg).

Modelled on https://github.com/openfun/richie/pull/1425 and https://github.com/divio/aldryn-search/issues/50: a page is
put into the search index when it is published, and stays there when it is unpublished.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the pool."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=0) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


class Draft(BaseModel):
    """An article before anybody reads it."""

    title: str
    body: str


@app.post("/articles", status_code=201)
async def write(draft: Draft) -> dict[str, int | str]:
    """Keep a draft."""
    article = await app.state.pool.fetchval(
        "INSERT INTO articles (title, body) VALUES ($1, $2) RETURNING id", draft.title, draft.body
    )
    return {"id": article, "title": draft.title}


@app.post("/articles/{article}/publish")
async def publish(article: int) -> dict[str, bool]:
    """Show it to everybody, and let the search find it."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        title = await connection.fetchval(
            "UPDATE articles SET published_at = now() WHERE id = $1 RETURNING title", article
        )
        if title is None:
            raise HTTPException(404)
        await connection.execute(
            "INSERT INTO search_entries VALUES ($1, to_tsvector('simple', $2)) ON CONFLICT DO NOTHING", article, title
        )
    return {"published": True}


@app.post("/articles/{article}/unpublish")
async def unpublish(article: int) -> dict[str, bool]:
    """Show it to its author only."""
    done = await app.state.pool.fetchval(
        "UPDATE articles SET published_at = NULL WHERE id = $1 RETURNING true", article
    )
    if not done:
        raise HTTPException(404)
    return {"published": False}


@app.get("/search")
async def search(words: str) -> list[str]:
    """The titles in which the words stand."""
    rows = await app.state.pool.fetch(
        "SELECT title FROM search_entries JOIN articles ON id = article WHERE words @@ plainto_tsquery('simple', $1)",
        words,
    )
    return [row["title"] for row in rows]
