"""Stories that count their readers (FastAPI, SQLAlchemy on sqlite3, WAL)."""

import logging
import os
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

log = logging.getLogger("stories")
app = FastAPI()
DATABASE = f"sqlite:///{os.environ['DATABASE']}"
engine = create_engine(DATABASE, connect_args={"isolation_level": "IMMEDIATE"}, hide_parameters=True)


class Story(BaseModel):
    """What is told."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


@app.exception_handler(OperationalError)
def unavailable(request: Request, error: OperationalError) -> JSONResponse:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.exception_handler(RequestValidationError)
def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


def writer(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """Who has this key."""
    with engine.connect() as connection:
        name = connection.scalar(text("SELECT name FROM writers WHERE key = :key"), {"key": bearer.credentials})
    if name is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return str(name)


Writer = Annotated[str, Depends(writer)]


@app.put("/stories/{slug}")
def publish(slug: str, story: Story, writer: Writer) -> Story:
    """Publish a story of one's own, or what it says now; its readers stay counted."""
    upsert = """
        INSERT INTO stories (slug, writer, text) VALUES (:slug, :writer, :text)
        ON CONFLICT (slug) DO UPDATE SET text = excluded.text WHERE writer = excluded.writer
    """
    with engine.begin() as connection:
        changed = connection.execute(text(upsert), {"slug": slug, "writer": writer, "text": story.text}).rowcount
    if not changed:
        raise HTTPException(403)
    return story


@app.get("/stories/{slug}")
def read(slug: str) -> Story:
    """Show a story, and count who reads it: one more for each time."""
    counted = """
        UPDATE stories SET views = views + 1, last_viewed = CURRENT_TIMESTAMP WHERE slug = :slug RETURNING text
    """
    with engine.begin() as connection:
        found = connection.scalar(text(counted), {"slug": slug})
    if found is None:
        raise HTTPException(404)
    return Story(text=found)


@app.get("/stories/{slug}/views")
def views(slug: str, writer: Writer) -> dict[str, int]:
    """How often one's own story was read."""
    query = text("SELECT views FROM stories WHERE slug = :slug AND writer = :writer")
    with engine.connect() as connection:
        found = connection.scalar(query, {"slug": slug, "writer": writer})
    if found is None:
        raise HTTPException(404)
    return {"views": found}
