"""Articles that count their likes (SQLAlchemy ORM, psycopg async).

Modelled on django-oscar/django-oscar PR 2281: a number is raised in Python, so one of two raises at once is lost.
"""

import os

from fastapi import FastAPI, HTTPException
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))
Session = async_sessionmaker(engine, expire_on_commit=False)


class Table(DeclarativeBase):
    """The tables of the service."""


class Article(Table):
    """An article and its likes."""

    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    likes: Mapped[int]


@app.post("/articles/{article_id}/likes", status_code=204)
async def like(article_id: int) -> None:
    """Count one like more."""
    async with Session.begin() as session:
        article = await session.get(Article, article_id)
        if article is None:
            raise HTTPException(404)
        article.likes += 1


@app.get("/articles/{article_id}")
async def read(article_id: int) -> dict[str, int | str]:
    """Show an article."""
    async with Session() as session:
        article = await session.get(Article, article_id)
        if article is None:
            raise HTTPException(404)
        return {"title": article.title, "likes": article.likes}
