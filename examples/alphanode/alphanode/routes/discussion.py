"""Comments under an article."""

from fastapi import APIRouter, BackgroundTasks

from alphanode.access import Member
from alphanode.database import Session
from alphanode.schemas import CommentRecord, Id, NewComment
from alphanode.services import discussion, notifications
from alphanode.tables import Comment

router = APIRouter(prefix="/api/posts/{article_id}/comments", tags=["discussion"])


@router.get("", response_model=list[CommentRecord])
async def thread(article_id: Id, session: Session) -> list[Comment]:
    """Show the comments of an article, oldest first."""
    return await discussion.thread(session, article_id)


@router.post("", status_code=201, response_model=CommentRecord)
async def comment(
    article_id: Id, form: NewComment, writer: Member, session: Session, background: BackgroundTasks
) -> Comment:
    """Add a comment and tell everyone in the thread."""
    added = await discussion.comment(session, writer, article_id, form.body)
    background.add_task(notifications.tell_thread, added.id)
    return added
