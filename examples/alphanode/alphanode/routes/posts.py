"""Articles as JSON: list, read, write, edit, publish, unpublish, favourite."""

from typing import Annotated

from fastapi import APIRouter, Query

from alphanode.access import Anyone, Editor, Member
from alphanode.database import Session
from alphanode.schemas import ArticleContent, ArticleRecord, ArticleSummary, Id, Line, NewArticle
from alphanode.services import drafting, favourites, publishing, reading
from alphanode.tables import Article

router = APIRouter(prefix="/api/posts", tags=["posts"])


@router.get("", response_model=list[ArticleSummary])
async def front_page(
    session: Session, topic: Line | None = None, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> list[Article]:
    """List the newest articles, of one topic if asked."""
    return await reading.newest(session, topic=topic, limit=limit)


@router.get("/{slug}", response_model=ArticleRecord)
async def read(slug: Line, user: Anyone, session: Session) -> Article:
    """Show an article and count the view."""
    return await reading.read(session, slug, reader=user)


@router.post("", status_code=201, response_model=ArticleRecord)
async def write(form: NewArticle, author: Member, session: Session) -> Article:
    """Keep a new draft."""
    return await drafting.write(session, author, form)


@router.put("/{article_id}", response_model=ArticleRecord)
async def edit(article_id: Id, form: ArticleContent, author: Member, session: Session) -> Article:
    """Save a new version of an article."""
    return await drafting.edit(session, article_id, form)


@router.post("/{article_id}/publish", response_model=ArticleRecord)
async def publish(article_id: Id, editor: Editor, session: Session) -> Article:
    """Make an article public."""
    return await publishing.publish(session, article_id)


@router.post("/{article_id}/unpublish", response_model=ArticleRecord)
async def unpublish(article_id: Id, editor: Editor, session: Session) -> Article:
    """Make an article a draft again."""
    return await publishing.unpublish(session, article_id)


@router.put("/{article_id}/favourite", response_model=ArticleRecord)
async def favourite(article_id: Id, user: Member, session: Session) -> Article:
    """Put an article on one's reading list."""
    return await favourites.add(session, user, article_id)
