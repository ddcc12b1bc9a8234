"""Reading lists."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.services import reading
from alphanode.tables import Article, Favourite, User


async def add(session: AsyncSession, user: User, article_id: int) -> Article:
    """Put a published article on a user's reading list, once, and count it."""
    article = await reading.published(session, article_id)
    listed = select(Favourite.id).where(Favourite.user_id == user.id, Favourite.article_id == article.id)
    if await session.scalar(listed.limit(1)) is None:
        session.add(Favourite(user_id=user.id, article_id=article.id))
        article.favourite_count += 1
        await session.commit()
    return article


async def reading_list(session: AsyncSession, user: User, *, limit: int = 100) -> list[Article]:
    """Return the articles on a user's reading list, newest first."""
    listed = select(Article).join(Favourite, Favourite.article_id == Article.id).where(Favourite.user_id == user.id)
    return list(await session.scalars(listed.order_by(Favourite.id.desc()).limit(limit)))
