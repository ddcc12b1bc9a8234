"""Reading: what is public, what is similar, and how often it was read."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.refusals import NotFound
from alphanode.tables import Article, User


async def newest(session: AsyncSession, *, topic: str | None, limit: int) -> list[Article]:
    """Return the newest published articles, of one topic if given."""
    query = select(Article).where(Article.status == "published")
    if topic is not None:
        query = query.where(Article.topic == topic)
    found = await session.scalars(query.order_by(Article.published_at.desc(), Article.id.desc()).limit(limit))
    return list(found)


async def read(session: AsyncSession, slug: str, *, reader: User | None) -> Article:
    """Return a published article and count the view; drafts are for their author and editors, uncounted."""
    viewed = (
        update(Article)
        .where(Article.slug == slug, Article.status == "published")
        .values(view_count=Article.view_count + 1)
        .returning(Article)
    )
    article = await session.scalar(viewed)
    await session.commit()
    return article if article is not None else await _draft(session, slug, reader)


async def similar(session: AsyncSession, article: Article, *, limit: int = 5) -> list[Article]:
    """Return the newest other published articles of the same topic."""
    others = select(Article).where(
        Article.topic == article.topic, Article.status == "published", Article.id != article.id
    )
    found = await session.scalars(others.order_by(Article.published_at.desc(), Article.id.desc()).limit(limit))
    return list(found)


async def published(session: AsyncSession, article_id: int) -> Article:
    """Return a published article by its id."""
    article = await session.get(Article, article_id)
    if article is None or article.status != "published":
        raise NotFound("There is no such article.")
    return article


async def _draft(session: AsyncSession, slug: str, reader: User | None) -> Article:
    article = await session.scalar(select(Article).where(Article.slug == slug))
    if article is None or reader is None or (article.author_id != reader.id and reader.role != "editor"):
        raise NotFound("There is no such article.")
    return article
