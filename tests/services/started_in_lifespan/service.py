"""Bookings of rooms, in a service whose lifespan makes the tables and starts schedulers (FastAPI, SQLAlchemy).

A scheduler of asyncio and one with a thread stay as long as the service runs.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI, Path, Request
from fastapi.responses import JSONResponse
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://", 1),
    pool_pre_ping=True,
    connect_args={"connect_timeout": 2, "options": "-c statement_timeout=500"},
)
sessions = sessionmaker(engine)
beats = []
log = logging.getLogger("house")
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]


class Table(DeclarativeBase):
    """What the tables have in common."""


class Room(Table):
    """A room."""

    __tablename__ = "rooms"
    name: Mapped[str] = mapped_column(primary_key=True)


class Booking(Table):
    """A booking of a room, by a reference of the guest's own."""

    __tablename__ = "bookings"
    reference: Mapped[str] = mapped_column(primary_key=True)
    room: Mapped[str] = mapped_column(ForeignKey("rooms.name"))


async def beat() -> None:
    """Count that the service lives."""
    await asyncio.sleep(0.05)
    beats.append(1)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the tables and the first room; schedule."""
    Table.metadata.create_all(engine)
    with sessions.begin() as session:
        session.execute(insert(Room).values(name="hall").on_conflict_do_nothing())
    own, other = AsyncIOScheduler(), BackgroundScheduler()
    own.add_job(beat, "interval", seconds=0.3)
    other.add_job(beats.clear, "interval", seconds=0.3)
    own.start()
    other.start()
    yield
    own.shutdown()
    other.shutdown()
    engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.exception_handler(DBAPIError)
async def unavailable(request: Request, error: DBAPIError) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503)


@app.put("/bookings/{reference}")
def book(reference: Reference) -> dict[str, str]:
    """Book the hall, once for each reference."""
    with sessions.begin() as session:
        session.execute(insert(Booking).values(reference=reference, room="hall").on_conflict_do_nothing())
    return {"reference": reference}


@app.get("/bookings/{reference}")
def show(reference: Reference) -> dict[str, int | None]:
    """How often a reference stands in the book."""
    with sessions() as session:
        return {"bookings": session.scalar(select(func.count()).where(Booking.reference == reference))}
