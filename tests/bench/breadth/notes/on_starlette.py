"""The notes by Starlette."""

from contextlib import asynccontextmanager

import absent  # noqa: F401  # before all else
import stores
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Route

notes = stores.chosen()


@asynccontextmanager
async def lifespan(_app):
    await notes.open()
    yield
    await notes.close()


async def add(request):
    return JSONResponse(await notes.add((await request.json())["title"]), 201)


async def publish(request):
    return told(await notes.publish(request.path_params["number"]))


async def show(request):
    return told(await notes.find(request.path_params["number"]))


def told(note):
    if note is None:
        raise HTTPException(404, "there is no such note")
    return JSONResponse(note)


ROUTES = [
    Route("/notes", add, methods=["POST"]),
    Route("/notes/{number:int}/publish", publish, methods=["POST"]),
    Route("/notes/{number:int}", show),
]
app = Starlette(routes=ROUTES, lifespan=lifespan)
