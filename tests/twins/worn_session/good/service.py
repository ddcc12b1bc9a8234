"""A board of tasks (FastAPI, SQLAlchemy)."""

import logging
import os

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

log = logging.getLogger("tasks")
engine = create_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1),
    pool_pre_ping=True,
    connect_args={"connect_timeout": 2, "options": "-c statement_timeout=500"},
)
app = FastAPI()


class Base(DeclarativeBase):
    """What is kept in tables."""


class Task(Base):
    """Something to be done; the key is the client's own."""

    __tablename__ = "tasks"
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class Wanted(BaseModel):
    """What is to be noted."""

    key: str
    text: str


@app.exception_handler(SQLAlchemyError)
async def unavailable(request: Request, error: SQLAlchemyError) -> JSONResponse:
    """The database is not there, or not as it should be."""
    log.error("%s %s: the database failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": "try again later"}, 503, {"Retry-After": "1"})


@app.post("/tasks", status_code=201)
def note(wanted: Wanted) -> Wanted:
    """Note a task, or what it says now."""
    with Session(engine) as session, session.begin():
        session.merge(Task(**wanted.model_dump()))
    return wanted


@app.get("/tasks/{key}")
def show(key: str) -> Wanted:
    """Show a task."""
    with Session(engine) as session:
        text = session.scalar(select(Task.text).where(Task.key == key))
    if text is None:
        raise HTTPException(404)
    return Wanted(key=key, text=text)
