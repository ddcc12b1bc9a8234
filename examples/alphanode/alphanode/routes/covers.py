"""Covers of articles."""

from typing import Annotated

from fastapi import APIRouter, Body

from alphanode import limits
from alphanode.access import Member
from alphanode.database import Session
from alphanode.schemas import CoverRecord, Id
from alphanode.services import covers
from alphanode.tables import Cover

router = APIRouter(prefix="/api/posts/{article_id}/cover", tags=["covers"])

MAX_BYTES = 2_000_000


@router.put("", response_model=CoverRecord)
async def put(
    article_id: Id,
    image: Annotated[bytes, Body(media_type="image/png", min_length=1, max_length=MAX_BYTES)],
    author: Member,
    session: Session,
) -> Cover:
    """Give one's own article a cover."""
    await limits.count_upload(author)
    return await covers.put(session, author, article_id, image)
