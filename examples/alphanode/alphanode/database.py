"""The engine, its sessions, and the session of one request."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from alphanode.settings import settings

engine = create_async_engine(settings.database_url, pool_pre_ping=False, connect_args={"connect_timeout": 3})
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def _session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


# The scope gives the connection back before the response is sent.
Session = Annotated[AsyncSession, Depends(_session, scope="function")]
