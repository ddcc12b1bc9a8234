"""Profiles, kept in Postgres and read through Redis (asyncpg, redis.asyncio)."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import redis.asyncio
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

KEPT = 3600  # seconds


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold both pools as long as the service runs."""
    cache = redis.asyncio.from_url(os.environ["REDIS_URL"], decode_responses=True)
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4) as app.state.pool, cache:
        app.state.cache = cache
        yield


app = FastAPI(lifespan=lifespan)


class Profile(BaseModel):
    """What others see of somebody."""

    name: str


async def publish(handle: str, profile: Profile) -> None:
    """Keep the copy that pages are made from."""
    await app.state.cache.set(f"profile:{handle}", profile.model_dump_json(), ex=KEPT)


@app.put("/profiles/{handle}")
async def change(handle: str, profile: Profile) -> Profile:
    """Make a profile, or change it."""
    sql = (
        "INSERT INTO profiles (handle, name) VALUES ($1, $2)"
        " ON CONFLICT (handle) DO UPDATE SET name = excluded.name WHERE profiles.name <> excluded.name"
    )
    await app.state.pool.execute(sql, handle, profile.name)
    await publish(handle, profile)
    return profile


@app.get("/profiles/{handle}")
async def show(handle: str) -> Profile:
    """A profile, from the cache where it is there."""
    if kept := await app.state.cache.get(f"profile:{handle}"):
        return Profile.model_validate_json(kept)
    name = await app.state.pool.fetchval("SELECT name FROM profiles WHERE handle = $1", handle)
    if name is None:
        raise HTTPException(404, "nobody has this name")
    return Profile(name=name)
