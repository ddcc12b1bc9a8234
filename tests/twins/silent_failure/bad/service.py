"""Notes (FastAPI, psycopg, a connection a request; uvicorn's access log).

Modelled on https://github.com/brockamer/findajob/issues/628 (the log says 500 and nothing of why) and
https://github.com/mr-fatalyst/fastopenapi/issues/17 (the exception is made an answer, and is gone).
"""

import os
from typing import Annotated

import psycopg
from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(psycopg.Error)
def unavailable(_request: Request, _error: psycopg.Error) -> JSONResponse:
    """What the client is told when the database has failed."""
    return JSONResponse({"detail": "something went wrong"}, status_code=500)


@app.post("/notes", status_code=201)
def keep(reference: Annotated[str, Body()], body: Annotated[str, Body()]) -> dict[str, str]:
    """Keep a note, once for each reference."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO notes (reference, body) VALUES (%s, %s) ON CONFLICT (reference) DO NOTHING", (reference, body)
        )
    return {"reference": reference}
