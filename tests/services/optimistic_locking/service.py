"""A wiki whose pages are never overwritten unseen: If-None-Match makes one, If-Match changes it (FastAPI, asyncpg)."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints

log = logging.getLogger("wiki")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as long as the service runs."""
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=1, max_size=4, timeout=0.5, command_timeout=0.5
    ) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]


class Page(BaseModel):
    """What a page says."""

    text: Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,10000}$")]


@app.exception_handler(asyncpg.PostgresError)
@app.exception_handler(asyncpg.InterfaceError)
@app.exception_handler(OSError)
async def unavailable(request: Request, error: Exception) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


async def editor(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """Who has this key."""
    name = await app.state.pool.fetchval("SELECT name FROM editors WHERE key = $1", bearer.credentials)
    if name is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return str(name)


Editor = Annotated[str, Depends(editor)]


@app.get("/pages/{name}")
async def read(name: Name, response: Response) -> Page:
    """Show a page; its tag names the version."""
    found = await app.state.pool.fetchrow("SELECT text, version FROM pages WHERE name = $1", name)
    if found is None:
        raise HTTPException(404)
    response.headers["ETag"] = f'"{found["version"]}"'
    return Page(text=found["text"])


@app.put("/pages/{name}")
async def write(
    name: Name,
    page: Page,
    editor: Editor,
    response: Response,
    if_match: Annotated[str | None, Header(pattern=r'^"[0-9]{1,9}"$')] = None,
    if_none_match: Annotated[str | None, Header(pattern=r"^\*$")] = None,
) -> Page:
    """Make a page that is not there, or change the version that the editor has seen; else 412, and nothing changes."""
    if if_match is not None:
        query = """
            UPDATE pages SET text = $2, editor = $3, version = version + 1, changed = now()
            WHERE name = $1 AND version = $4 RETURNING version
        """
        version = await app.state.pool.fetchval(query, name, page.text, editor, int(if_match.strip('"')))
    elif if_none_match is not None:
        query = "INSERT INTO pages (name, text, editor) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING version"
        version = await app.state.pool.fetchval(query, name, page.text, editor)
    else:
        raise HTTPException(428, "Say which version you have seen: If-Match.")
    if version is None:
        raise HTTPException(412, "Somebody else has changed this page.")
    response.headers["ETag"] = f'"{version}"'
    return page
