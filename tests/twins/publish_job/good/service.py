"""A blog whose published posts are indexed by a queue of jobs (SQLAlchemy async, asyncpg)."""

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
        known = await connection.scalar(text("SELECT 1 FROM posts WHERE slug = :slug"), {"slug": slug})
        if known is None:
            raise HTTPException(404)
        post_id = await connection.scalar(
            text("UPDATE posts SET status = 'published' WHERE slug = :slug AND status = 'draft' RETURNING id"),
            {"slug": slug},
        )
        if post_id is not None:
            await connection.execute(text("INSERT INTO jobs (kind, post_id) VALUES ('index', :id)"), {"id": post_id})
    return {"status": "published"}
