"""Posts of members who sign in (FastAPI, psycopg).
"""

import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated

import psycopg
from fastapi import Body, FastAPI, Header, HTTPException, Request, Response

log = logging.getLogger("uvicorn.error")
app = FastAPI()
HIDDEN = {"authorization", "cookie"}


@app.middleware("http")
async def log_requests(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Log what comes in, and what it is answered."""
    shown = {name: "…" if name in HIDDEN else value for name, value in request.headers.items()}
    log.info("request headers: %s", shown)
    response = await call_next(request)
    log.info("%s %s: %d", request.method, request.url.path, response.status_code)
    return response


@app.post("/sign-in")
def sign_in(email: Annotated[str, Body()], password: Annotated[str, Body()]) -> dict[str, str]:
    """A token for a member."""
    token = secrets.token_urlsafe(24)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        known = connection.execute(
            "UPDATE members SET token = %s WHERE email = %s AND password = %s RETURNING id", (token, email, password)
        ).fetchone()
    if known is None:
        raise HTTPException(403, "no such member")
    return {"token": token}


@app.post("/posts", status_code=201)
def write(reference: Annotated[str, Body(embed=True)], authorization: Annotated[str, Header()]) -> dict[str, str]:
    """Write a post, once for each reference."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        member = connection.execute(
            "SELECT id FROM members WHERE token = %s", (authorization.removeprefix("Bearer "),)
        ).fetchone()
        if member is None:
            raise HTTPException(401, "sign in first")
        connection.execute(
            "INSERT INTO posts (reference, member_id) VALUES (%s, %s) ON CONFLICT (reference) DO NOTHING",
            (reference, member[0]),
        )
    return {"reference": reference}
