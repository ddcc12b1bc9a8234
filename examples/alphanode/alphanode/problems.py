"""Failures as answers: a refusal says why, and a lost database says to try again."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError

from alphanode.refusals import Refused

log = logging.getLogger(__name__)


async def refused(request: Request, problem: Refused) -> JSONResponse:
    """Answer with the refusal's own status."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else None
    return JSONResponse({"detail": problem.detail}, status_code=problem.status, headers=headers)


async def invalid(request: Request, problem: RequestValidationError) -> JSONResponse:
    """Answer 422 with the places and reasons, without the input: it may hold a password, or no valid text."""
    reasons = [{"where": list(map(_name, error["loc"])), "problem": error["msg"]} for error in problem.errors()]
    return JSONResponse({"detail": reasons}, status_code=422)


async def database_lost(request: Request, problem: OperationalError | InterfaceError) -> JSONResponse:
    """Answer 503; the client cannot know whether its change was saved, so it is asked to send it again."""
    log.error("%s %s: the database was lost: %s", request.method, request.url.path, problem.orig)
    return JSONResponse(
        {"detail": "We could not reach our database. Please send this again."},
        status_code=503,
        headers={"Retry-After": "1"},
    )


def install(app: FastAPI) -> None:
    """Register the handlers of this module."""
    app.exception_handler(Refused)(refused)
    app.exception_handler(RequestValidationError)(invalid)
    app.exception_handler(OperationalError)(database_lost)
    app.exception_handler(InterfaceError)(database_lost)


def _name(part: str | int) -> str | int:
    return part.encode(errors="replace").decode() if isinstance(part, str) else part
