"""Reports that only one process makes at a time (Starlette, SQLAlchemy on psycopg).

Modelled on permitio/opal PR 345 and pulp/pulpcore PR 7951: a lock that is a row, or a key, is never released by a process
that was killed.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))


@asynccontextmanager
async def lock(name: str) -> AsyncIterator[None]:
    """Be the only one who makes this report."""
    take = text("INSERT INTO locks (name) VALUES (:name) ON CONFLICT DO NOTHING")
    async with engine.begin() as connection:
        if not (await connection.execute(take, {"name": name})).rowcount:
            raise HTTPException(423, "somebody makes this report")
    try:
        yield
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM locks WHERE name = :name"), {"name": name})


async def write(connection: AsyncConnection, name: str) -> None:
    """Write the report, in place of the one before."""
    await connection.execute(
        text("INSERT INTO reports (name, total) VALUES (:name, 42) ON CONFLICT (name) DO UPDATE SET total = 42"),
        {"name": name},
    )


async def make(request: Request) -> JSONResponse:
    """Make a report."""
    name = (await request.json())["name"]
    async with lock(name), engine.begin() as connection:
        await write(connection, name)
    return JSONResponse({"name": name}, 201)


async def show(request: Request) -> JSONResponse:
    """Show a report."""
    async with engine.connect() as connection:
        find = text("SELECT total FROM reports WHERE name = :name")
        return JSONResponse({"total": await connection.scalar(find, request.path_params)})


app = Starlette(routes=[Route("/reports", make, methods=["POST"]), Route("/reports/{name}", show)])
