"""A feed that is sent only to those who do not have it yet (Flask, sqlite3, WAL)."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from flask import Flask, Response, abort, jsonify, request

log = logging.getLogger("feed")
app = Flask(__name__)


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


@app.errorhandler(sqlite3.OperationalError)
def unavailable(error: sqlite3.OperationalError) -> tuple[Response, int]:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.path, exc_info=error)
    return jsonify(error="try again later"), 503


def check_editor() -> None:
    """Only editors may go on."""
    key = request.authorization.token if request.authorization else None
    with database() as connection:
        found = connection.execute("SELECT name FROM editors WHERE key = ?", (key,)).fetchone()
    if found is None:
        abort(401)


def is_title(value: object) -> bool:
    """Whether this is one line of text, which UTF-8 can say."""
    return isinstance(value, str) and 0 < len(value) <= 200 and not any("\ud800" <= each <= "\udfff" for each in value)


@app.put("/entries/<slug>")
def put(slug: str) -> Response:
    """Add an entry, or give it another title."""
    check_editor()
    sent = request.get_json()
    title = sent.get("title") if isinstance(sent, dict) else None
    if not is_title(title):
        abort(400)
    with database() as connection:
        connection.execute(
            "INSERT INTO entries (slug, title) VALUES (?, ?) ON CONFLICT (slug) DO UPDATE SET title = excluded.title",
            (slug, title),
        )
    return jsonify(slug=slug, title=title)


@app.get("/feed")
def feed() -> Response:
    """All entries, with a tag of what they say; 304 for who has this already."""
    with database() as connection:
        entries = connection.execute("SELECT slug, title FROM entries ORDER BY slug").fetchall()
    response = jsonify([{"slug": slug, "title": title} for slug, title in entries])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)
