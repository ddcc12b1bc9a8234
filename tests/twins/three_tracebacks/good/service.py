"""Votes (Starlette, psycopg on threads).
"""

import logging
import os

import psycopg
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

log = logging.getLogger("votes")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def count(ballot: str, choice: str) -> None:
    """Count a ballot, once."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO votes (ballot, choice) VALUES (%s, %s) ON CONFLICT (ballot) DO NOTHING", (ballot, choice)
        )


async def cast(request: Request) -> JSONResponse:
    """Cast a ballot."""
    wanted = await request.json()
    await run_in_threadpool(count, wanted["ballot"], wanted["choice"])
    return JSONResponse({"ballot": wanted["ballot"]}, status_code=201)


async def failed(_request: Request, _error: Exception) -> JSONResponse:
    """What the voter is told."""
    return JSONResponse({"detail": "your vote was not counted: try again"}, status_code=500)


app = Starlette(
    routes=[Route("/votes", cast, methods=["POST"])],
    exception_handlers={Exception: failed},
)
