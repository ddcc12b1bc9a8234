"""Who is asking: the user of a request, and what a role may do."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from alphanode.credentials import read_token
from alphanode.database import Session
from alphanode.refusals import Forbidden, Unauthenticated
from alphanode.tables import User

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


async def anyone(session: Session, bearer: Bearer) -> User | None:
    """Return the user whose token came with the request, None without a token."""
    if bearer is None:
        return None
    user = await session.get(User, read_token(bearer.credentials))
    if user is None:
        raise Unauthenticated("This account is gone.")
    return user


async def member(user: Annotated[User | None, Depends(anyone, scope="function")]) -> User:
    """Return the signed-in user, or refuse."""
    if user is None:
        raise Unauthenticated("Sign in first.")
    return user


async def editor(user: Annotated[User, Depends(member, scope="function")]) -> User:
    """Return the signed-in editor, or refuse."""
    if user.role != "editor":
        raise Forbidden("Only editors may do this.")
    return user


Anyone = Annotated[User | None, Depends(anyone, scope="function")]
Member = Annotated[User, Depends(member, scope="function")]
Editor = Annotated[User, Depends(editor, scope="function")]
