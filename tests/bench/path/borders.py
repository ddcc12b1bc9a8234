"""What the service holds as long as it runs: a pool, the sessions, a line to the supplier; each gives up in time."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger("purchasing")

PATIENCE = 0.5
"""Seconds for one call."""

FAILURES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    RedisError,
    httpx.HTTPError,
    OSError,
    RuntimeError,  # uvloop's word for a connection that was closed under a write
)


@asynccontextmanager
async def held(app: FastAPI) -> AsyncIterator[None]:
    """All of them, for the length of the service."""
    sessions = Redis.from_url(
        os.environ["REDIS_URL"], socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )
    supplier = httpx.AsyncClient(base_url=os.environ["SUPPLIER_URL"], timeout=PATIENCE)
    pool = asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=1, max_size=4, timeout=PATIENCE, command_timeout=PATIENCE
    )
    async with pool, sessions, supplier:
        app.state.pool, app.state.sessions, app.state.supplier = pool, sessions, supplier
        yield


async def unavailable(request: Request, error: Exception) -> JSONResponse:
    """A dependency is not there, or not as it should be."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503, {"Retry-After": "1"})


async def invalid(request: Request, error: Exception) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    told = error.errors() if isinstance(error, RequestValidationError) else []
    return JSONResponse({"detail": [{"loc": list(map(str, each["loc"])), "msg": each["msg"]} for each in told]}, 422)
