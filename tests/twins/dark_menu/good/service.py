"""What a canteen cooks, read from a list and kept in Redis for a minute (FastAPI, redis.asyncio)."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis.asyncio
from fastapi import FastAPI, HTTPException
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

MENUS = {"monday": ["soup", "noodles"], "tuesday": ["rice", "beans"]}
KEPT = 60  # seconds
IN_TIME = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3, "retry": Retry(NoBackoff(), 0)}

log = logging.getLogger("menus")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to the cache as long as the service runs."""
    async with redis.asyncio.from_url(os.environ["REDIS_URL"], decode_responses=True, **IN_TIME) as app.state.cache:
        yield


app = FastAPI(lifespan=lifespan)


def cook(day: str) -> str:
    """What is cooked on a day, as it is printed."""
    if day not in MENUS:
        raise HTTPException(404, "closed on this day")
    return ", ".join(MENUS[day])


async def kept(day: str) -> str | None:
    """A menu as the cache has it; None where it has none, or is not there."""
    try:
        text: str | None = await app.state.cache.get(f"menu:{day}")
    except RedisError as error:
        log.warning("menu of %s: the cache failed: %r", day, error)
        return None
    return text


async def keep(day: str, text: str) -> None:
    """Keep a menu for others."""
    try:
        await app.state.cache.set(f"menu:{day}", text, ex=KEPT)
    except RedisError as error:
        log.warning("menu of %s: the cache failed: %r", day, error)


@app.get("/menus/{day}")
async def menu(day: str) -> dict[str, str]:
    """The menu of a day, from the cache where it is there."""
    text = await kept(day)
    if text is None:
        text = cook(day)
        await keep(day, text)
    return {"menu": text}
