"""A school: what everybody may do, beside what only a member may do with its own (FastAPI, sqlite3, WAL)."""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel

LIMIT = 10_000  # requests of one address, before it is told to wait
WEB = "web.5f1c9f20b7d844.public"  # what every browser sends: no secret


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection


def limited(request: Request, apikey: Annotated[str, Header()] = WEB) -> None:
    """Count each request of an address, whoever sends it and whatever becomes of it."""
    with database() as db:
        (count,) = db.execute(
            "INSERT INTO requests VALUES (?, 1) ON CONFLICT (address) DO UPDATE SET count = count + 1 RETURNING count",
            (request.client.host if request.client else "",),
        ).fetchone()
    if count > LIMIT:
        raise HTTPException(429)
    if apikey != WEB:
        raise HTTPException(400, "this is no client of ours")


def visitor(authorization: Annotated[str, Header()] = "") -> sqlite3.Row | None:
    """A member, or somebody without a token; a wrong one is refused."""
    if not authorization:
        return None
    with database() as db:
        found = db.execute(
            "UPDATE members SET seen = seen + 1 WHERE token = ? RETURNING *", (authorization.removeprefix("Bearer "),)
        ).fetchone()
    if found is None:
        raise HTTPException(401)
    return found


Visitor = Annotated[sqlite3.Row | None, Depends(visitor)]


def known(visitor: Visitor) -> sqlite3.Row:
    """A member."""
    if visitor is None:
        raise HTTPException(401)
    return visitor


Member = Annotated[sqlite3.Row, Depends(known)]
api = APIRouter(dependencies=[Depends(limited)])


class Course(BaseModel):
    """What is taught."""

    title: str
    lesson: str


class Text(BaseModel):
    """A title, an answer, or a secret."""

    text: str


class Days(BaseModel):
    """How long a secret is kept."""

    days: int


def own_course(db: sqlite3.Connection, number: int, member: sqlite3.Row) -> sqlite3.Row:
    """One of the member's own courses."""
    query = "SELECT * FROM courses WHERE id = ? AND member_id = ?"
    found: sqlite3.Row | None = db.execute(query, (number, member["id"])).fetchone()
    if found is None:
        raise HTTPException(404)
    return found


@api.get("/client")
def client(member: Member) -> dict[str, str]:
    """Whose browser this is, and what it sends."""
    return {"name": member["name"], "key": WEB}


@api.post("/schools/{school}/courses", status_code=201)
def teach(school: str, course: Course, member: Member) -> dict[str, Any]:
    """A new course of the school that all members belong to."""
    with database() as db:
        new = db.execute(
            "INSERT INTO courses (school, member_id, title, lesson) VALUES (?, ?, ?, ?)",
            (school, member["id"], course.title, course.lesson),
        )
    return {"id": new.lastrowid, "school": school}


@api.get("/courses")
def catalogue() -> list[dict[str, Any]]:
    """The titles of all courses, for everybody."""
    with database() as db:
        return [dict(row) for row in db.execute("SELECT id, title FROM courses ORDER BY id")]


@api.get("/schools/{school}/courses/{number}")
def course(school: str, number: int, member: Member) -> dict[str, Any]:
    """A course with its lesson, for who gives it."""
    with database() as db:
        found = own_course(db, number, member)
    return {"id": number, "title": found["title"], "lesson": found["lesson"]}


@api.post("/schools/{school}/courses/{number}/notes", status_code=201)
def annotate(school: str, number: int, note: Text, member: Member) -> dict[str, bool]:
    """A note beside one's own course."""
    with database() as db:
        own_course(db, number, member)
        db.execute("INSERT INTO notes (course_id, text) VALUES (?, ?)", (number, note.text))
    return {"kept": True}


@api.put("/schools/{school}/courses/{number}")
def revise(school: str, number: int, course: Course, member: Member) -> dict[str, str]:
    """Another lesson in one's own course."""
    with database() as db:
        own_course(db, number, member)
        db.execute("UPDATE courses SET title = ?, lesson = ? WHERE id = ?", (course.title, course.lesson, number))
    return {"title": course.title}


@api.post("/forms", status_code=201)
def ask(title: Text, member: Member) -> dict[str, int]:
    """A form for everybody to fill in."""
    with database() as db:
        new = db.execute("INSERT INTO forms (member_id, title) VALUES (?, ?)", (member["id"], title.text))
    return {"id": new.lastrowid or 0}


@api.post("/forms/{number}/answers", status_code=201)
def answer(number: int, answer: Text, visitor: Visitor) -> dict[str, bool]:
    """An answer of anybody, signed in or not."""
    with database() as db:
        if not db.execute("UPDATE forms SET answers = answers + 1 WHERE id = ?", (number,)).rowcount:
            raise HTTPException(404)
        db.execute("INSERT INTO answers (form_id, text) VALUES (?, ?)", (number, answer.text))
    return {"thanks": True}


@api.get("/forms/{number}/answers")
def answers(number: int, member: Member) -> list[str]:
    """The answers, for who asked."""
    with database() as db:
        if not db.execute("SELECT 1 FROM forms WHERE id = ? AND member_id = ?", (number, member["id"])).fetchone():
            raise HTTPException(404)
        return [text for (text,) in db.execute("SELECT text FROM answers WHERE form_id = ?", (number,))]


@api.post("/secrets", status_code=201)
def hide(secret: Text, member: Member) -> dict[str, str]:
    """A link that opens once."""
    link = str(uuid.uuid4())
    with database() as db:
        db.execute("INSERT INTO secrets (link, text) VALUES (?, ?)", (link, secret.text))
    return {"link": link}


@api.put("/secrets/{link}/days")
def keep(link: uuid.UUID, days: Days) -> dict[str, int]:
    """Keep it longer, for whoever has the link."""
    with database() as db:
        query = "UPDATE secrets SET days = ? WHERE link = ? AND opened = 0"
        if not db.execute(query, (days.days, str(link))).rowcount:
            raise HTTPException(410)
    return {"days": days.days}


@api.get("/secrets/{link}")
def tell(link: uuid.UUID) -> dict[str, str]:
    """The secret, once, for whoever has the link."""
    with database() as db:
        query = "UPDATE secrets SET opened = 1 WHERE link = ? AND opened = 0 RETURNING text"
        found = db.execute(query, (str(link),)).fetchone()
    if found is None:
        raise HTTPException(410)
    return {"text": found["text"]}


@api.post("/invitations", status_code=201)
def invite(name: Text, member: Member) -> dict[str, str]:
    """An invitation, which is sent to somebody."""
    link = str(uuid.uuid4())
    with database() as db:
        db.execute("INSERT INTO invitations (link, name) VALUES (?, ?)", (link, name.text))
    return {"link": link}


@api.post("/invitations/{link}/accept")
def accept(link: uuid.UUID, authorization: Annotated[str, Header()] = "") -> dict[str, bool]:
    """The link is enough; who is signed in as somebody else is told so, and an old session is none."""
    with database() as db:
        token = authorization.removeprefix("Bearer ")
        found = db.execute("SELECT name FROM invitations WHERE link = ?", (str(link),)).fetchone()
        member = db.execute("SELECT name FROM members WHERE token = ?", (token,)).fetchone()
        if found is None:
            raise HTTPException(404)
        if member and member["name"] != found["name"]:
            raise HTTPException(403, "you are signed in as somebody else")
        db.execute("UPDATE invitations SET accepted = 1 WHERE link = ?", (str(link),))
    return {"accepted": True}


app = FastAPI()
app.include_router(api)
