"""SQLAlchemy's ORM, 1.4 or 2, with an engine and its pool."""

import os

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker

from stores import LIBPQ, PATIENCE

Base = declarative_base()


class Note(Base):
    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    title = Column(String, nullable=False, unique=True)
    state = Column(String, nullable=False, default="draft")

    def told(self):
        return {"id": self.id, "title": self.title, "state": self.state}


class Announcement(Base):
    __tablename__ = "announcements"
    note_id = Column(ForeignKey("notes.id"), primary_key=True, autoincrement=False)
    text = Column(String, nullable=False)


def url():
    """As SQLAlchemy wants it: with the driver's name, which is the second word of DRIVER."""
    driver = os.environ["DRIVER"].split()[1]
    if "sqlite" in driver:
        return f"sqlite+{driver.replace('sqlite3', 'pysqlite')}:///{os.environ['DATABASE_PATH']}"
    return os.environ["DATABASE_URL"].replace("postgresql:", f"postgresql+{driver}:", 1)


def patience():
    """How long the driver waits, in its own words."""
    if "sqlite" in os.environ["DRIVER"]:
        return {}
    return {"timeout": PATIENCE, "command_timeout": PATIENCE} if "asyncpg" in os.environ["DRIVER"] else LIBPQ


class Sessions:
    """By threads."""

    waits = True

    def __init__(self):
        self.engine = create_engine(url(), pool_pre_ping=True, connect_args=patience())
        self.session = sessionmaker(self.engine, expire_on_commit=False)

    def make_tables(self):
        Base.metadata.create_all(self.engine)

    def add(self, title):
        note = self.kept(Note(title=title), select(Note).where(Note.title == title))
        announcement = Announcement(note_id=note.id, text=f"new: {title}")
        self.kept(announcement, select(Announcement).where(Announcement.note_id == note.id))
        return note.told()

    def kept(self, row, found):
        """The row that is there, else this one: who loses the race takes the winner's."""
        with self.session() as session:
            if there := session.execute(found).scalars().first():
                return there
            session.add(row)
            try:
                session.commit()
            except IntegrityError:
                session.rollback()
                return session.execute(found).scalars().one()
            return row

    def publish(self, number):
        with self.session() as session:
            if note := session.get(Note, number):
                note.state = "public"
                session.commit()
            return note and note.told()

    def find(self, number):
        with self.session() as session:
            note = session.get(Note, number)
            return note and note.told()


class AsyncSessions:
    """By asyncio."""

    waits = False

    def __init__(self):
        self.engine = create_async_engine(url(), pool_pre_ping=True, connect_args=patience())
        self.session = sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    async def open(self):
        """The engine opens connections as it needs them."""

    async def close(self):
        await self.engine.dispose()

    async def make_tables(self):
        async with self.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await self.close()

    async def add(self, title):
        note = await self.kept(Note(title=title), select(Note).where(Note.title == title))
        announcement = Announcement(note_id=note.id, text=f"new: {title}")
        await self.kept(announcement, select(Announcement).where(Announcement.note_id == note.id))
        return note.told()

    async def kept(self, row, found):
        """The row that is there, else this one: who loses the race takes the winner's."""
        async with self.session() as session:
            if there := (await session.execute(found)).scalars().first():
                return there
            session.add(row)
            try:
                await session.commit()
            except IntegrityError:
                await session.rollback()
                return (await session.execute(found)).scalars().one()
            return row

    async def publish(self, number):
        async with self.session() as session:
            if note := await session.get(Note, number):
                note.state = "public"
                await session.commit()
            return note and note.told()

    async def find(self, number):
        async with self.session() as session:
            note = await session.get(Note, number)
            return note and note.told()
