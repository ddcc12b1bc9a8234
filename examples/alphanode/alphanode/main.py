"""The application: `uvicorn alphanode.main:app`."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from alphanode import images, problems
from alphanode.cache import cache
from alphanode.database import engine
from alphanode.deadline import Deadline
from alphanode.routes import accounts, covers, discussion, pages, posts
from alphanode.settings import settings

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Say what was started, and give the connections back at the end."""
    log.info("starting with %s", settings)
    yield
    await images.host.aclose()
    await cache.aclose()
    await engine.dispose()


app = FastAPI(title="alphanode", lifespan=lifespan)
app.add_middleware(Deadline, seconds=settings.answer_within)
problems.install(app)
for router in (accounts.router, posts.router, covers.router, discussion.router, pages.router):
    app.include_router(router)
