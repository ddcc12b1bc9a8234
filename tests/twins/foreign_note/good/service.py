"""Notes on pages, each with its reader's name in the head (Flask, sqlite3).

Modelled on https://github.com/brantje/nextnote/pull/109: a note is looked up by its number, whoever asks.
"""

import os
import sqlite3

from flask import Flask, Response, abort, g, redirect, render_template_string, request
from werkzeug.wrappers import Response as Redirect

app = Flask(__name__)
PAGE = """<!doctype html>
<title>Notes</title>
<p>Signed in as {{ g.member["name"] }}</p>
{% for note in notes %}<p><a href="/notes/{{ note["id"] }}">{{ note["text"] }}</a></p>{% endfor %}
"""


@app.before_request
def know_member() -> None:
    """Who asks, by token."""
    g.db = sqlite3.connect(os.environ["DATABASE"])
    g.db.row_factory = sqlite3.Row
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    g.member = g.db.execute("SELECT id, name FROM members WHERE token = ?", (token,)).fetchone() or abort(401)


@app.teardown_request
def let_go(_: BaseException | None) -> None:
    """The connection is the request's own."""
    g.db.close()


@app.post("/notes")
def write() -> Redirect:
    """A new note; back to the list."""
    with g.db:
        g.db.execute("INSERT INTO notes (member_id, text) VALUES (?, ?)", (g.member["id"], request.form["text"]))
    return redirect("/notes", 303)


@app.get("/notes")
def notes() -> str:
    """The member's own notes."""
    found = g.db.execute("SELECT id, text FROM notes WHERE member_id = ? ORDER BY id", (g.member["id"],))
    return render_template_string(PAGE, notes=found.fetchall())


@app.get("/notes/<int:number>")
def note(number: int) -> str | Response:
    """One of the member's own notes."""
    found = g.db.execute(
        "SELECT id, text FROM notes WHERE id = ? AND member_id = ?", (number, g.member["id"])
    ).fetchone()
    return render_template_string(PAGE, notes=[found]) if found else abort(404)
