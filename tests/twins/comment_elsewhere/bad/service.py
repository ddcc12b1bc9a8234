"""Comments on talks (Litestar, sqlite3 on threads).

Modelled on https://github.com/joindin/joindin-api/issues/479: the Location of a new comment leads elsewhere.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from litestar import Litestar, Response, get, post
from litestar.exceptions import NotFoundException


@dataclass
class Comment:
    """What somebody says of a talk."""

    text: str
    stars: int


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection


@post("/talks", sync_to_thread=False)
def announce(data: dict[str, str]) -> Response[dict[str, object]]:
    """Announce a talk."""
    with database() as connection:
        talk = connection.execute("INSERT INTO talks (title) VALUES (?)", (data["title"],)).lastrowid
    return Response({"id": talk, "title": data["title"]}, headers={"Location": f"/talks/{talk}"})


@post("/talks/{talk:int}/comments", sync_to_thread=False)
def comment(talk: int, data: Comment) -> Response[dict[str, object]]:
    """Comment on a talk."""
    with database() as connection:
        if not connection.execute("SELECT 1 FROM talks WHERE id = ?", (talk,)).fetchone():
            raise NotFoundException
        number = connection.execute(
            "INSERT INTO comments (talk, text, stars) VALUES (?, ?, ?)", (talk, data.text, data.stars)
        ).lastrowid
    body: dict[str, object] = {"id": number, "talk_id": talk, "text": data.text, "stars": data.stars}
    return Response(body, headers={"Location": f"/comments/{talk}"})


@get("/talks/{talk:int}/comments", sync_to_thread=False)
def comments(talk: int) -> dict[str, object]:
    """All comments on a talk, the first one first."""
    with database() as connection:
        rows = connection.execute("SELECT id, text, stars FROM comments WHERE talk = ? ORDER BY id", (talk,)).fetchall()
    return {"talk_id": talk, "comments": [dict(row) for row in rows]}


app = Litestar([announce, comment, comments])
