"""What clients send and receive."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
Email = Annotated[
    str, StringConstraints(to_lower=True, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")
]
Password = Annotated[str, StringConstraints(min_length=8, max_length=200)]
Json = dict[str, JsonValue]
Flags = Annotated[dict[Line, bool], Field(max_length=50)]
Id = Annotated[int, Path(ge=1)]


class Form(BaseModel):
    """What comes in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Record(BaseModel):
    """What goes out, read from a row."""

    model_config = ConfigDict(from_attributes=True)


class SignUp(Form):
    """A new account."""

    email: Email
    name: Line
    password: Password


class SignIn(Form):
    """An account's owner at the door."""

    email: Email
    password: Password


class ArticleContent(Form):
    """What an author may change."""

    title: Line
    summary: Text
    body: Text
    topic: Line
    difficulty: Literal["beginner", "intermediate", "advanced"] = "intermediate"
    flags: Flags = {}
    meta: Json = {}


class NewArticle(ArticleContent):
    """A draft; the writing tool names it by a reference of its own."""

    reference: Line


class NewComment(Form):
    """A comment to be."""

    body: Text


class UserRecord(Record):
    """An account as its owner sees it."""

    id: int
    email: str
    name: str
    role: str


class ProfileRecord(UserRecord):
    """An account with its profile."""

    bio: str
    article_count: int


class Token(BaseModel):
    """A bearer token; its lifetime in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


class ArticleSummary(Record):
    """An article in a list."""

    id: int
    slug: str
    title: str
    summary: str
    topic: str
    difficulty: str
    reading_time: int
    published_at: datetime | None


class ArticleRecord(ArticleSummary):
    """A whole article."""

    reference: str
    author_id: int
    body: str
    flags: dict[str, bool]
    meta: dict[str, JsonValue]
    version: int
    status: str
    view_count: int
    comment_count: int
    favourite_count: int


class CommentRecord(Record):
    """A comment."""

    id: int
    article_id: int
    writer_id: int
    body: str
    created_at: datetime


class CoverRecord(Record):
    """An article's cover."""

    article_id: int
    rendition: str


class NotificationRecord(Record):
    """A notification."""

    id: int
    kind: str
    article_id: int
    comment_id: int | None
    created_at: datetime
