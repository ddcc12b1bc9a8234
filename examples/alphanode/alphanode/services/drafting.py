"""Writing: new drafts and their later versions."""

import re
from itertools import count

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.refusals import NotFound
from alphanode.schemas import ArticleContent, NewArticle
from alphanode.tables import Article, Revision, User

WORDS_A_MINUTE = 200


async def write(session: AsyncSession, author: User, form: NewArticle) -> Article:
    """Keep a draft and its first revision."""
    article = Article(
        author_id=author.id,
        slug=await free_slug(session, form.title),
        reading_time=reading_time(form.body),
        **form.model_dump(),
    )
    session.add(article)
    await session.flush()
    session.add(Revision(article_id=article.id, version=article.version, title=article.title, body=article.body))
    await session.commit()
    return article


async def edit(session: AsyncSession, article_id: int, form: ArticleContent) -> Article:
    """Save the next version of an article."""
    article = await session.get(Article, article_id)
    if article is None:
        raise NotFound("There is no such article.")
    for field, value in form.model_dump().items():
        setattr(article, field, value)
    article.reading_time = reading_time(form.body)
    article.version += 1
    session.add(Revision(article_id=article.id, version=article.version, title=article.title, body=article.body))
    await session.commit()
    return article


async def free_slug(session: AsyncSession, title: str) -> str:
    """Return the title's slug, numbered if another article has it."""
    slug = slugify(title)
    taken = set(await session.scalars(select(Article.slug).where(Article.slug.startswith(slug, autoescape=True))))
    return slug if slug not in taken else next(f"{slug}-{n}" for n in count(2) if f"{slug}-{n}" not in taken)


def slugify(title: str) -> str:
    """Return a title in lower case with dashes, as it stands in a URL."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80] or "article"


def reading_time(body: str) -> int:
    """Return the minutes that a body takes to read, at least one."""
    return max(1, round(len(body.split()) / WORDS_A_MINUTE))
