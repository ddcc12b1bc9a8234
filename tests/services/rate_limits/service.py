"""Codes for telephones, one a day each, and a limit for each caller that counts refusals, too (FastAPI, sqlite3)."""

import logging
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints

log = logging.getLogger("codes")
app = FastAPI()
MOST = 100


class Wanted(BaseModel):
    """The telephone that a code is sent to."""

    phone: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{6,15}$")]


@app.exception_handler(sqlite3.OperationalError)
def unavailable(request: Request, error: sqlite3.OperationalError) -> JSONResponse:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.exception_handler(RequestValidationError)
def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


def counted(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """Who has this key; each of his requests counts, whatever becomes of it."""
    with database() as connection:
        query = """
            INSERT INTO attempts (caller, count) SELECT name, 1 FROM callers WHERE key = ?
            ON CONFLICT (caller) DO UPDATE SET count = count + 1 RETURNING caller, count
        """
        found = connection.execute(query, [bearer.credentials]).fetchone()
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    caller, count = found
    if count > MOST:
        raise HTTPException(429, "That is enough for today.", headers={"Retry-After": "86400"})
    return str(caller)


@app.post("/codes", status_code=202)
def send(wanted: Wanted, caller: Annotated[str, Depends(counted)]) -> dict[str, str]:
    """Send a code, unless this telephone was sent one today."""
    with database() as connection:
        query = """
            INSERT INTO codes (phone, caller, code, sent) VALUES (:phone, :caller, :code, datetime())
            ON CONFLICT (phone) DO UPDATE SET code = excluded.code, caller = excluded.caller, sent = excluded.sent
            WHERE codes.sent < datetime('now', '-1 day') RETURNING phone
        """
        code = f"{secrets.randbelow(10**6):06}"
        sent = connection.execute(query, {"phone": wanted.phone, "caller": caller, "code": code}).fetchone()
    if sent is None:
        raise HTTPException(429, "This telephone was sent a code today.", headers={"Retry-After": "86400"})
    return {"phone": wanted.phone}
