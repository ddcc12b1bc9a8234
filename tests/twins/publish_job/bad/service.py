"""A blog whose published posts are indexed by a queue of jobs (SQLAlchemy async, asyncpg).

Modelled on getsentry/sentry PR 89284 and saleor/saleor PR 5457: the task is put into the queue before the change
that it is about is committed.
"""

import os
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1))


class Draft(BaseModel):
    """A post before it is published."""

    slug: str
    title: str


async def enqueue(kind: str, post_id: int) -> None:
    """Put a job into the queue."""
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO jobs (kind, post_id) VALUES (:kind, :id)"), {"kind": kind, "id": post_id}
        )


@app.post("/posts", status_code=201)
async def write(draft: Draft) -> dict[str, Any]:
    """Keep a draft; the slug is its natural key."""
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO posts (slug, title) VALUES (:slug, :title) ON CONFLICT DO NOTHING"), draft.model_dump()
        )
    return draft.model_dump()


@app.post("/posts/{slug}/publish")
async def publish(slug: str) -> dict[str, str]:
    """Publish a post and have it indexed."""
    async with engine.begin() as connection:
        found = await connection.execute(text("SELECT id, status FROM posts WHERE slug = :slug"), {"slug": slug})
        post = found.one_or_none()
        if post is None:
            raise HTTPException(404)
        if post.status == "draft":
            await enqueue("index", post.id)
            await connection.execute(text("UPDATE posts SET status = 'published' WHERE id = :id"), {"id": post.id})
    return {"status": "published"}
