"""Covers: the picture above an article, kept in the media folder and rendered by the image host."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode import images, mail
from alphanode.refusals import NotFound
from alphanode.settings import settings
from alphanode.tables import Article, Cover, User


async def put(session: AsyncSession, author: User, article_id: int, image: bytes) -> Cover:
    """Give the author's own article a cover, and ask the editors to look at it."""
    article = await session.get(Article, article_id)
    if article is None or article.author_id != author.id:
        raise NotFound("You have no such article.")
    file = f"covers/{images.digest(image)}.png"
    target = settings.media_root / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(image)
    rendition = await images.render(image)
    changed = {"file": file, "rendition": rendition}
    cover = await session.scalar(
        insert(Cover)
        .values(article_id=article.id, **changed)
        .on_conflict_do_update(index_elements=[Cover.article_id], set_=changed)
        .returning(Cover)
    )
    await session.commit()
    await mail.send(settings.editors, f"A cover to review: {article.title}", f"{rendition}\n")
    return cover
