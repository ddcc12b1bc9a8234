"""Accounts: open one, recognise its owner."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alphanode.credentials import hash_password, password_matches
from alphanode.refusals import Conflict, NotFound, Unauthenticated
from alphanode.schemas import SignIn, SignUp
from alphanode.tables import Profile, User


async def sign_up(session: AsyncSession, form: SignUp) -> User:
    """Open an account with an empty profile; Conflict if the address has one."""
    if await session.scalar(select(User.id).where(User.email == form.email)):
        raise Conflict("This address already has an account.")
    user = User(email=form.email, name=form.name, password_hash=hash_password(form.password))
    session.add(user)
    await session.commit()
    await open_profile(session, user)
    return user


async def open_profile(session: AsyncSession, user: User) -> None:
    """Give a user an empty profile."""
    session.add(Profile(user_id=user.id))
    await session.commit()


async def authenticate(session: AsyncSession, form: SignIn) -> User:
    """Return the user with this address and password; Unauthenticated if there is none."""
    user = await session.scalar(select(User).where(User.email == form.email))
    if user is None or not password_matches(form.password, user.password_hash):
        raise Unauthenticated("This address and password do not belong together.")
    return user


async def profile_of(session: AsyncSession, user: User) -> Profile:
    """Return a user's profile."""
    profile = await session.get(Profile, user.id)
    if profile is None:
        raise NotFound("This user has no profile.")
    return profile
