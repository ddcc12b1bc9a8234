"""The tables, as the migrations leave them."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import DateTime, ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Table(DeclarativeBase):
    """The parent of all tables."""

    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, JsonValue]: JSONB, dict[str, bool]: JSONB}


class User(Table):
    """An account; its role is `member` or `editor`."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="member")
    password_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Profile(Table):
    """What everyone may see of a user."""

    __tablename__ = "profiles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    bio: Mapped[str] = mapped_column(default="")
    article_count: Mapped[int] = mapped_column(default=0)


class Article(Table):
    """An article; its status is `draft` or `published`, and `reference` is the writer's own name for it."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reference: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    body: Mapped[str]
    topic: Mapped[str]
    difficulty: Mapped[str]
    reading_time: Mapped[int]
    flags: Mapped[dict[str, bool]]
    meta: Mapped[dict[str, JsonValue]]
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="draft")
    view_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    favourite_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(lazy="raise")


class Revision(Table):
    """One saved state of an article."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    version: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Comment(Table):
    """A comment under an article."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    writer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    writer: Mapped[User] = relationship(lazy="raise")


class Cover(Table):
    """The picture above an article: its file in the media folder, and the URL of its rendition."""

    __tablename__ = "covers"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    file: Mapped[str]
    rendition: Mapped[str]


class Favourite(Table):
    """An article on somebody's reading list."""

    __tablename__ = "favourites"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Notification(Table):
    """Something that a user is told: `published` (their article) or `comment` (in their thread)."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
