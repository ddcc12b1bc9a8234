"""Reports that only one process makes at a time (Starlette, SQLAlchemy on psycopg)."""

import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))


async def lock(connection: AsyncConnection, name: str) -> None:
    """Be the only one who makes this report, as long as the transaction lasts."""
    taken = await connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), {"name": name})
    if not taken:
        raise HTTPException(423, "somebody makes this report")


async def write(connection: AsyncConnection, name: str) -> None:
    """Write the report, in place of the one before."""
    await connection.execute(
        text("INSERT INTO reports (name, total) VALUES (:name, 42) ON CONFLICT (name) DO UPDATE SET total = 42"),
        {"name": name},
    )


async def make(request: Request) -> JSONResponse:
    """Make a report."""
    name = (await request.json())["name"]
    async with engine.begin() as connection:
        await lock(connection, name)
        await write(connection, name)
    return JSONResponse({"name": name}, 201)


async def show(request: Request) -> JSONResponse:
    """Show a report."""
    async with engine.connect() as connection:
        find = text("SELECT total FROM reports WHERE name = :name")
        return JSONResponse({"total": await connection.scalar(find, request.path_params)})


app = Starlette(routes=[Route("/reports", make, methods=["POST"]), Route("/reports/{name}", show)])
