"""A club that welcomes its members by mail (asyncpg pool, smtplib).

A mail is kept in the transaction that wants it. A worker sends what is kept: as soon as it is woken, and twice a second
whatever a failure or an earlier process has left.
"""

import asyncio
import contextlib
import logging
import os
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Annotated

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints

EVERY = 0.5  # seconds
FAILURES = (OSError, TimeoutError, smtplib.SMTPException, asyncpg.PostgresError, asyncpg.InterfaceError)
logging.basicConfig(level=logging.INFO)
log = logging.getLogger("club")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool and a worker as long as the service runs."""
    app.state.woken = asyncio.Event()
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4, command_timeout=1) as pool:
        app.state.pool = pool
        worker = asyncio.create_task(relay(pool, app.state.woken))
        yield
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


app = FastAPI(lifespan=lifespan)


class Joining(BaseModel):
    """Who wants to be a member."""

    email: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,60}@[a-z0-9.-]{1,60}$")]


def send(number: int, recipient: str) -> None:
    """Send one mail; under its own Message-ID it is the same mail, however often it is sent."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "club@example.org", recipient, "Welcome"
    mail["Message-ID"] = f"<{number}@example.org>"
    mail.set_content("Welcome to the club.")
    with smtplib.SMTP(os.environ["MAIL_HOST"], int(os.environ["MAIL_PORT"]), timeout=1) as server:
        server.send_message(mail)


async def send_next(pool: asyncpg.Pool) -> bool:
    """Send the oldest mail that is kept, and say whether there was one."""
    async with pool.acquire(timeout=1) as connection, connection.transaction():
        kept = await connection.fetchrow(
            "SELECT id, recipient FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        if kept is None:
            return False
        await asyncio.to_thread(send, kept["id"], kept["recipient"])
        await connection.execute("UPDATE outbox SET sent_at = now() WHERE id = $1", kept["id"])
    return True


async def relay(pool: asyncpg.Pool, woken: asyncio.Event) -> None:
    """Send what is kept, for ever."""
    while True:
        try:
            while await send_next(pool):
                pass
        except FAILURES:
            log.exception("the outbox could not be relayed; it is tried again in %s s", EVERY)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), EVERY)
        woken.clear()


@app.post("/members", status_code=201)
async def join(joining: Joining, request: Request) -> dict[str, str]:
    """Become a member, once."""
    async with request.app.state.pool.acquire(timeout=1) as connection, connection.transaction():
        added = await connection.fetchval(
            "INSERT INTO members (email) VALUES ($1) ON CONFLICT DO NOTHING RETURNING email", joining.email
        )
        if added:
            await connection.execute("INSERT INTO outbox (recipient) VALUES ($1)", joining.email)
    request.app.state.woken.set()
    return {"email": joining.email}


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name what is wrong; what was sent is not sent back, since it may be no text."""
    return JSONResponse({"detail": [each["msg"] for each in error.errors()]}, 422)


async def unavailable(request: Request, error: Exception) -> JSONResponse:
    """Say that the client may come again."""
    log.error("%s %s failed: %r", request.method, request.url.path, error)
    return JSONResponse({"detail": "try again later"}, 503)


for failure in (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
    app.add_exception_handler(failure, unavailable)
