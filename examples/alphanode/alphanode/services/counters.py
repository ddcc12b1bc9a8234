"""What the front page counts: kept in Redis for a minute, since it is asked with every visit."""

import json
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.cache import cache
from alphanode.tables import Article, Comment

KEY = "counters:front-page"
MINUTE = 60


class Counters(TypedDict):
    """How much there is to read."""

    articles: int
    comments: int


async def front_page(session: AsyncSession) -> Counters:
    """Return the counters, at most a minute old."""
    if kept := await cache.get(KEY):
        return json.loads(kept)
    counted = await _count(session)
    await cache.set(KEY, json.dumps(counted), ex=MINUTE)
    return counted


async def _count(session: AsyncSession) -> Counters:
    articles = await session.scalar(select(func.count()).select_from(Article).where(Article.status == "published"))
    comments = await session.scalar(select(func.count()).select_from(Comment))
    return {"articles": articles or 0, "comments": comments or 0}
