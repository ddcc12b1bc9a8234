"""The notes by FastAPI: coroutines, or plain functions in its threads, as the store wants it."""

from contextlib import asynccontextmanager

import absent  # noqa: F401  # before all else
import stores
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

notes = stores.chosen()


@asynccontextmanager
async def lifespan(_app):
    if not notes.waits:
        await notes.open()
    yield
    if not notes.waits:
        await notes.close()


app = FastAPI(lifespan=lifespan)


class NoteIn(BaseModel):
    title: str


def found(note):
    if note is None:
        raise HTTPException(404, "there is no such note")
    return note


if notes.waits:

    @app.post("/notes", status_code=201)
    def add(wanted: NoteIn):
        return notes.add(wanted.title)

    @app.post("/notes/{number}/publish")
    def publish(number: int):
        return found(notes.publish(number))

    @app.get("/notes/{number}")
    def show(number: int):
        return found(notes.find(number))

else:

    @app.post("/notes", status_code=201)
    async def add(wanted: NoteIn):
        return await notes.add(wanted.title)

    @app.post("/notes/{number}/publish")
    async def publish(number: int):
        return found(await notes.publish(number))

    @app.get("/notes/{number}")
    async def show(number: int):
        return found(await notes.find(number))
