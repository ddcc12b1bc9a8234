"""Publishing: an editor makes an article public, or a draft again."""

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.refusals import NotFound
from alphanode.services import notifications
from alphanode.tables import Article, Profile


async def publish(session: AsyncSession, article_id: int) -> Article:
    """Make an article public, count it for its author, and tell the author."""
    article = await session.get(Article, article_id)
    if article is None:
        raise NotFound("There is no such article.")
    is_new = article.status != "published"
    if is_new:
        article.status = "published"
        article.published_at = func.now()
        await session.commit()
        await session.refresh(article)
        await count_article(session, article.author_id, by=1)
    await notifications.tell_author(session, article)
    return article


async def unpublish(session: AsyncSession, article_id: int) -> Article:
    """Make an article a draft again; nothing of it is lost."""
    withdrawn: Article | None = await session.scalar(
        update(Article)
        .where(Article.id == article_id, Article.status == "published")
        .values(status="draft", published_at=None)
        .returning(Article)
    )
    if withdrawn is not None:
        await count_article(session, withdrawn.author_id, by=-1)
        return withdrawn
    article = await session.get(Article, article_id)
    if article is None:
        raise NotFound("There is no such article.")
    return article


async def count_article(session: AsyncSession, author_id: int, *, by: int) -> None:
    """Change the number of published articles in an author's profile."""
    counted = update(Profile).where(Profile.user_id == author_id)
    await session.execute(counted.values(article_count=Profile.article_count + by))
    await session.commit()
