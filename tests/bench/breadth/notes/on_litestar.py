"""The notes by Litestar."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import absent  # noqa: F401  # before all else
import stores
from litestar import Litestar, get, post
from litestar.exceptions import NotFoundException
from litestar.logging import LoggingConfig

notes = stores.chosen()


@asynccontextmanager
async def lifespan(_app: Litestar):
    await notes.open()
    yield
    await notes.close()


@dataclass
class NoteIn:
    title: str


@post("/notes")
async def add(data: NoteIn) -> dict[str, Any]:
    return await notes.add(data.title)


@post("/notes/{number:int}/publish", status_code=200)
async def publish(number: int) -> dict[str, Any]:
    return found(await notes.publish(number))


@get("/notes/{number:int}")
async def show(number: int) -> dict[str, Any]:
    return found(await notes.find(number))


def found(note):
    if note is None:
        raise NotFoundException("there is no such note")
    return note


app = Litestar([add, publish, show], lifespan=[lifespan], logging_config=LoggingConfig(log_exceptions="always"))
