"""Issues, linked to what stands elsewhere (Flask, sqlite3).

Modelled on https://github.com/getsentry/sentry/pull/112605: whose the issue is, is not asked where a link is made.
"""

import os
import sqlite3

from flask import Flask, Response, abort, g, jsonify, request

app = Flask(__name__)


@app.before_request
def know_member() -> None:
    """Who asks, by token."""
    g.db = sqlite3.connect(os.environ["DATABASE"])
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    found = g.db.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    g.member = found[0] if found else abort(401)


@app.teardown_request
def let_go(_: BaseException | None) -> None:
    """The connection is the request's own."""
    g.db.close()


@app.post("/issues")
def file() -> tuple[Response, int]:
    """A new issue."""
    with g.db:
        new = g.db.execute(
            "INSERT INTO issues (member_id, title) VALUES (?, ?)", (g.member, request.get_json()["title"])
        )
    return jsonify(id=new.lastrowid), 201


@app.get("/issues/<int:issue>")
def read(issue: int) -> Response:
    """One of the member's own issues, with its links."""
    title = g.db.execute("SELECT title FROM issues WHERE id = ? AND member_id = ?", (issue, g.member)).fetchone()
    links = g.db.execute("SELECT url FROM links WHERE issue_id = ?", (issue,)).fetchall()
    return jsonify(title=title[0], links=[url for (url,) in links]) if title else abort(404)


@app.post("/links")
def link() -> tuple[Response, int]:
    """An issue linked."""
    wanted = request.get_json()
    known = g.db.execute("SELECT 1 FROM issues WHERE id = ?", (wanted["issue"],)).fetchone()
    if known is None:
        abort(404)
    with g.db:
        new = g.db.execute(
            "INSERT INTO links (issue_id, member_id, url) VALUES (?, ?, ?)", (wanted["issue"], g.member, wanted["url"])
        )
    return jsonify(id=new.lastrowid), 201
