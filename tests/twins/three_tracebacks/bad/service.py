"""Votes (Starlette, psycopg on threads).

Modelled on https://github.com/vllm-project/vllm/pull/37157 (the handler logs what ServerErrorMiddleware raises on to
uvicorn, which logs it again) and https://github.com/litestar-org/litestar/issues/3228.
"""

import logging
import os

import psycopg
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
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


class RequestLog(BaseHTTPMiddleware):
    """Logs each request, and what comes of it."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Log it."""
        try:
            response = await call_next(request)
        except Exception:
            log.exception("%s %s was not answered", request.method, request.url.path)
            raise
        log.info("%s %s: %d", request.method, request.url.path, response.status_code)
        return response


async def failed(request: Request, error: Exception) -> JSONResponse:
    """What the voter is told."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "your vote was not counted: try again"}, status_code=500)


app = Starlette(
    routes=[Route("/votes", cast, methods=["POST"])],
    middleware=[Middleware(RequestLog)],
    exception_handlers={Exception: failed},
)
