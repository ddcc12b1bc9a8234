"""What a canteen cooks, read from a list and kept in Redis for a minute (FastAPI, redis.asyncio).

Modelled on c2corg/v6_api #573 and nhsx/nhsx-website PR 795: the whole site goes down when a cache does, and hangs when
it hangs.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis.asyncio
from fastapi import FastAPI, HTTPException

MENUS = {"monday": ["soup", "noodles"], "tuesday": ["rice", "beans"]}
KEPT = 60  # seconds


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to the cache as long as the service runs."""
    async with redis.asyncio.from_url(os.environ["REDIS_URL"], decode_responses=True) as app.state.cache:
        yield


app = FastAPI(lifespan=lifespan)


def cook(day: str) -> str:
    """What is cooked on a day, as it is printed."""
    if day not in MENUS:
        raise HTTPException(404, "closed on this day")
    return ", ".join(MENUS[day])


@app.get("/menus/{day}")
async def menu(day: str) -> dict[str, str]:
    """The menu of a day, from the cache where it is there."""
    text = await app.state.cache.get(f"menu:{day}")
    if text is None:
        text = cook(day)
        await app.state.cache.set(f"menu:{day}", text, ex=KEPT)
    return {"menu": text}
