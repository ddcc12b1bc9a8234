"""Notes (FastAPI, psycopg, a connection a request; uvicorn's access log).
"""

import logging
import os
from typing import Annotated

import psycopg
from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()

log = logging.getLogger("uvicorn.error")


@app.exception_handler(psycopg.Error)
def unavailable(request: Request, error: psycopg.Error) -> JSONResponse:
    """What the client is told when the database has failed."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "something went wrong"}, status_code=500)


@app.post("/notes", status_code=201)
def keep(reference: Annotated[str, Body()], body: Annotated[str, Body()]) -> dict[str, str]:
    """Keep a note, once for each reference."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO notes (reference, body) VALUES (%s, %s) ON CONFLICT (reference) DO NOTHING", (reference, body)
        )
    return {"reference": reference}
