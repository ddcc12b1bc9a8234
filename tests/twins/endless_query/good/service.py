"""Recipes (FastAPI, asyncpg pool)."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

log = logging.getLogger("recipes")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as long as the service runs."""
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=1, max_size=4, timeout=1, command_timeout=0.5
    ) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


class Recipe(BaseModel):
    """A recipe, by a name of the author's own."""

    name: str
    text: str


@app.exception_handler(asyncpg.PostgresError)
@app.exception_handler(asyncpg.InterfaceError)
@app.exception_handler(OSError)
async def unavailable(request: Request, error: Exception) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.post("/recipes", status_code=201)
async def publish(recipe: Recipe) -> Recipe:
    """Publish a recipe, or what it says now."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM recipes WHERE name = $1", recipe.name)
        await connection.execute("INSERT INTO recipes (name, text) VALUES ($1, $2)", recipe.name, recipe.text)
    return recipe


@app.get("/recipes/{name}")
async def read(name: str) -> Recipe:
    """Show a recipe."""
    text = await app.state.pool.fetchval("SELECT text FROM recipes WHERE name = $1", name)
    if text is None:
        raise HTTPException(404)
    return Recipe(name=name, text=text)
