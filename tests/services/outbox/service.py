"""A magazine that tells its subscribers through an outbox (asyncpg pool).

What is to be delivered is written in the transaction that causes it, and delivered afterwards: after the answer, and
at start-up whatever an earlier process has left.
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import BackgroundTasks, FastAPI, HTTPException
from pydantic import BaseModel

TRIES = 3


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as long as the service runs, and deliver what was left."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4) as app.state.pool:
        await drain()
        yield


app = FastAPI(lifespan=lifespan)


class Article(BaseModel):
    """What an author writes; the slug is its natural key."""

    slug: str
    title: str


class Comment(BaseModel):
    """What a reader says; the key is the reader's own."""

    key: str
    body: str


async def enqueue(connection: asyncpg.Connection, kind: str, slug: str) -> None:
    """Put something into the outbox, in the caller's transaction."""
    await connection.execute("INSERT INTO outbox (kind, slug) VALUES ($1, $2)", kind, slug)


async def deliver_one(connection: asyncpg.Connection) -> bool:
    """Deliver the oldest message, and say whether there was one."""
    async with connection.transaction():
        message = await connection.fetchrow(
            "SELECT id, kind, slug FROM outbox WHERE delivered_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE"
        )
        if message is None:
            return False
        await connection.execute(
            "INSERT INTO feed (subscriber, kind, slug) SELECT name, $1, $2 FROM subscribers ORDER BY name",
            message["kind"],
            message["slug"],
        )
        await connection.execute("UPDATE subscribers SET unread = unread + 1")
        await connection.execute("UPDATE outbox SET delivered_at = now() WHERE id = $1", message["id"])
    return True


async def drain() -> None:
    """Deliver what the outbox holds; a lost connection is no reason to leave the rest until the next start."""
    for left in reversed(range(TRIES)):
        try:
            async with app.state.pool.acquire() as connection:
                while await deliver_one(connection):
                    pass
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
            if not left:
                raise
        else:
            return


@app.post("/articles", status_code=201)
async def write(article: Article) -> dict[str, Any]:
    """Keep a draft."""
    await app.state.pool.execute(
        "INSERT INTO articles (slug, title) VALUES ($1, $2) ON CONFLICT DO NOTHING", article.slug, article.title
    )
    return article.model_dump()


@app.post("/articles/{slug}/publish")
async def publish(slug: str, background: BackgroundTasks) -> dict[str, str]:
    """Publish an article and tell the subscribers."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        changed = await connection.fetchval(
            "UPDATE articles SET status = 'published' WHERE slug = $1 AND status = 'draft' RETURNING slug", slug
        )
        if changed:
            await enqueue(connection, "article", slug)
    background.add_task(drain)
    return {"status": "published"}


@app.post("/articles/{slug}/comments", status_code=201)
async def say(slug: str, comment: Comment, background: BackgroundTasks) -> dict[str, str]:
    """Keep a comment and tell the subscribers."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        added = await connection.fetchval(
            "INSERT INTO comments (id, slug, key, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id",
            uuid.uuid4(),
            slug,
            comment.key,
            comment.body,
        )
        if added:
            await enqueue(connection, "comment", slug)
    background.add_task(drain)
    return {"key": comment.key}


@app.get("/articles/{slug}")
async def read(slug: str) -> dict[str, Any]:
    """Show a published article and its comments."""
    title = await app.state.pool.fetchval("SELECT title FROM articles WHERE slug = $1 AND status = 'published'", slug)
    if title is None:
        raise HTTPException(404)
    comments = await app.state.pool.fetch("SELECT body FROM comments WHERE slug = $1 ORDER BY key", slug)
    return {"title": title, "comments": [row["body"] for row in comments]}
