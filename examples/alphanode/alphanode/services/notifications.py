"""Notifications: who is told what."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.database import sessions
from alphanode.tables import Article, Comment, Notification, User


async def tell_author(session: AsyncSession, article: Article) -> None:
    """Tell the author that the article is public."""
    session.add(Notification(recipient_id=article.author_id, kind="published", article_id=article.id))
    await session.commit()


async def tell_thread(comment_id: int) -> None:
    """Tell the article's author and everyone who commented on it about a new comment, except its writer."""
    async with sessions.begin() as session:
        comment = await session.get_one(Comment, comment_id)
        article = await session.get_one(Article, comment.article_id)
        writers = await session.scalars(select(Comment.writer_id).where(Comment.article_id == article.id))
        for recipient_id in sorted({article.author_id, *writers} - {comment.writer_id}):
            session.add(
                Notification(recipient_id=recipient_id, kind="comment", article_id=article.id, comment_id=comment.id)
            )


async def inbox(session: AsyncSession, user: User, *, limit: int = 50) -> list[Notification]:
    """Return a user's newest notifications, newest first."""
    mine = select(Notification).where(Notification.recipient_id == user.id)
    return list(await session.scalars(mine.order_by(Notification.id.desc()).limit(limit)))
