"""Comments and their thread."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from alphanode.services import reading
from alphanode.tables import Article, Comment, User


async def comment(session: AsyncSession, writer: User, article_id: int, body: str) -> Comment:
    """Add a comment to a published article and count it."""
    article = await reading.published(session, article_id)
    added = Comment(article_id=article.id, writer_id=writer.id, body=body)
    session.add(added)
    counted = update(Article).where(Article.id == article.id)
    await session.execute(counted.values(comment_count=Article.comment_count + 1))
    await session.commit()
    return added


async def thread(session: AsyncSession, article_id: int, *, limit: int = 200) -> list[Comment]:
    """Return an article's comments with their writers, oldest first."""
    query = select(Comment).where(Comment.article_id == article_id).options(joinedload(Comment.writer))
    return list(await session.scalars(query.order_by(Comment.id).limit(limit)))
