"""An essay with comments and a newsletter, both open to everybody (Flask, sqlite3, WAL)."""

import logging
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

from flask import Flask, Response, redirect, render_template_string, request

log = logging.getLogger("essay")
app = Flask(__name__)
PAGE = """<!doctype html>
<title>An essay</title>
<ul>{% for name, body in comments %}<li>{{ name }}: {{ body }}</li>{% endfor %}</ul>
{% if wrong %}<p class="error">{{ wrong }}</p>{% endif %}
<form id="comment" method="post" action="/essay/comments">
<input type="hidden" name="ticket" value="{{ ticket }}">
<input name="name"><textarea name="body"></textarea>
<input name="website" autocomplete="off" tabindex="-1" style="display: none">
</form>
"""


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection in one transaction; who writes waits for his turn."""
    with closing(sqlite3.connect(os.environ["DATABASE"], isolation_level="IMMEDIATE")) as connection, connection:
        yield connection


@app.errorhandler(sqlite3.OperationalError)
def unavailable(error: sqlite3.OperationalError) -> tuple[str, int]:
    """The database is busy, or its disk is full."""
    log.error("%s %s: the database failed", request.method, request.path, exc_info=error)
    return "Try again later.", 503


def page(ticket: str, wrong: str = "") -> str:
    """The essay with its comments, and the form with what is wrong in it."""
    with database() as connection:
        comments = connection.execute("SELECT name, body FROM comments ORDER BY id").fetchall()
    return render_template_string(PAGE, comments=comments, ticket=ticket, wrong=wrong)


@app.get("/essay")
def show() -> str:
    """Show the essay."""
    return page(str(uuid.uuid4()))


@app.post("/essay/comments")
def comment() -> str | Response:
    """Take a comment of anybody, once for each form; a robot fills the field that nobody sees, and is thanked too."""
    form = request.form
    ticket, name, body = (form.get(field, "").strip() for field in ("ticket", "name", "body"))
    if not ticket or not name or not body or len(name) > 80 or len(body) > 2000:
        return page(ticket or str(uuid.uuid4()), wrong="A comment needs a short name and some words.")
    if not form.get("website"):
        with database() as connection:
            connection.execute(
                "INSERT INTO comments (ticket, name, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (ticket, name, body),
            )
    return redirect("/essay", 303)


@app.post("/newsletter")
def subscribe() -> tuple[str, int]:
    """Take an address; whether it was known is nobody's business."""
    email = request.form.get("email", "").strip().lower()
    name, _, host = email.partition("@")
    if not name or "." not in host or len(email) > 254:
        return "This is no address.", 400
    with database() as connection:
        connection.execute("INSERT INTO subscribers (email) VALUES (?) ON CONFLICT DO NOTHING", (email,))
    return "Thank you.", 202
