"""Organisations with their members (Litestar, SQLAlchemy's ORM on asyncpg)."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from litestar import Litestar, get, post
from litestar.exceptions import ClientException
from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1))
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Table(DeclarativeBase):
    """What the tables have in common."""


class Organisation(Table):
    """An organisation, by its name."""

    __tablename__ = "organisations"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Member(Table):
    """A person in an organisation."""

    __tablename__ = "members"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]


@dataclass
class Founding:
    """Who founds what."""

    name: str
    person: str


async def add_founder(session: AsyncSession, organisation: Organisation, person: str) -> None:
    """Let somebody lead an organisation."""
    session.add(Member(organisation_id=organisation.id, person=person, role="lead"))
    await session.commit()


@post("/organisations")
async def found(data: Founding) -> dict[str, str]:
    """Found an organisation."""
    async with sessions() as session:
        insert_new = insert(Organisation).values(name=data.name).on_conflict_do_nothing().returning(Organisation)
        organisation = await session.scalar(insert_new)
        if organisation is None:
            raise ClientException("this name is taken", status_code=409)
        await add_founder(session, organisation, data.person)
    return {"name": data.name}


@get("/organisations/{name:str}")
async def show(name: str) -> dict[str, list[str]]:
    """Who is in an organisation."""
    async with sessions() as session:
        members = select(Member.person).join(Organisation).where(Organisation.name == name)
        return {"members": list(await session.scalars(members))}


@asynccontextmanager
async def pool(_: Litestar) -> AsyncIterator[None]:
    """Close the pool's connections at the end."""
    yield
    await engine.dispose()


app = Litestar([found, show], lifespan=[pool])
