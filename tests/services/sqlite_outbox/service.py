"""Posts, each followed by one mail to its author, in a transaction of its own (SQLAlchemy over sqlite3, WAL)."""

import logging
import os
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

app = FastAPI()
log = logging.getLogger("posts")
engine = create_engine(os.environ["DATABASE_URL"])


@app.exception_handler(DBAPIError)
async def unavailable(request: Request, error: DBAPIError) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


def author_of(authorization: Annotated[str, Header()]) -> str:
    """Who sends the request."""
    return authorization.removeprefix("Name ")


Author = Annotated[str, Depends(author_of)]


@app.post("/posts/{request}", status_code=201)
def publish(request: str, author: Author) -> dict[str, str]:
    """Publish once for each of the author's requests; what was begun before is taken up."""
    key = {"author": author, "request": request}
    with engine.begin() as connection:
        insert = "INSERT INTO posts (author, request, title) VALUES (:author, :request, 'Hello') ON CONFLICT DO NOTHING"
        connection.execute(text(insert), key)
    with engine.begin() as connection:
        mail = """
            INSERT INTO mails (post_id, told) SELECT id, author FROM posts
            WHERE author = :author AND request = :request ON CONFLICT DO NOTHING
        """
        connection.execute(text(mail), key)
    return {"author": author, "request": request}


@app.get("/posts/{request}")
def show(request: str, author: Author) -> dict[str, str]:
    """Show whom the post was told."""
    query = "SELECT told FROM mails JOIN posts ON posts.id = post_id WHERE author = :author AND request = :request"
    with engine.connect() as connection:
        told = connection.scalar(text(query), {"author": author, "request": request})
    if told is None:
        raise HTTPException(404)
    return {"told": told}
