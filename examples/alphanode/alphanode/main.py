"""The application: `uvicorn alphanode.main:app`."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from alphanode import problems
from alphanode.database import engine
from alphanode.routes import accounts, discussion, pages, posts

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Give the connections back at the end."""
    yield
    await engine.dispose()


app = FastAPI(title="alphanode", lifespan=lifespan)
problems.install(app)
for router in (accounts.router, posts.router, discussion.router, pages.router):
    app.include_router(router)
