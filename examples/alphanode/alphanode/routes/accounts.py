"""Sign up, sign in, and what belongs to the signed-in user."""

from fastapi import APIRouter

from alphanode.access import Member
from alphanode.credentials import issue_token
from alphanode.database import Session
from alphanode.schemas import (
    ArticleSummary,
    NotificationRecord,
    ProfileRecord,
    SignIn,
    SignUp,
    Token,
    UserRecord,
)
from alphanode.services import accounts, favourites, notifications
from alphanode.settings import settings
from alphanode.tables import Article, Notification, User

router = APIRouter(prefix="/api", tags=["accounts"])


@router.post("/users", status_code=201, response_model=UserRecord)
async def sign_up(form: SignUp, session: Session) -> User:
    """Open an account."""
    return await accounts.sign_up(session, form)


@router.post("/sessions")
async def sign_in(form: SignIn, session: Session) -> Token:
    """Give a bearer token for an address and its password."""
    user = await accounts.authenticate(session, form)
    return Token(access_token=issue_token(user.id), expires_in=settings.token_lifetime)


@router.get("/me")
async def me(user: Member, session: Session) -> ProfileRecord:
    """Show the user's account and profile."""
    profile = await accounts.profile_of(session, user)
    account = UserRecord.model_validate(user)
    return ProfileRecord(**account.model_dump(), bio=profile.bio, article_count=profile.article_count)


@router.get("/me/favourites", response_model=list[ArticleSummary])
async def reading_list(user: Member, session: Session) -> list[Article]:
    """Show the user's reading list."""
    return await favourites.reading_list(session, user)


@router.get("/me/notifications", response_model=list[NotificationRecord])
async def inbox(user: Member, session: Session) -> list[Notification]:
    """Show the user's newest notifications."""
    return await notifications.inbox(session, user)
