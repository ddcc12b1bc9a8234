"""An index of URLs that everybody searches (Flask, sqlite3).

Modelled on https://github.com/PeARSearch/PeARS-federated/issues/168 and
https://github.com/GoogleCloudPlatform/getting-started-python/issues/9: deleting is a plain link.
"""

import os
import sqlite3

from flask import Flask, Response, abort, g, jsonify, redirect, request
from werkzeug.wrappers import Response as Redirect

app = Flask(__name__)


@app.before_request
def know_member() -> None:
    """Who asks, by token."""
    g.db = sqlite3.connect(os.environ["DATABASE"])
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    found = g.db.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
    g.member = found[0] if found else None


@app.teardown_request
def let_go(_: BaseException | None) -> None:
    """The connection is the request's own."""
    g.db.close()


@app.post("/urls")
def index() -> tuple[Response, int]:
    """A new URL."""
    if g.member is None:
        abort(401)
    with g.db:
        new = g.db.execute("INSERT INTO urls (member_id, url) VALUES (?, ?)", (g.member, request.get_json()["url"]))
    return jsonify(id=new.lastrowid), 201


@app.get("/urls")
def urls() -> Response:
    """All URLs."""
    return jsonify([url for (url,) in g.db.execute("SELECT url FROM urls ORDER BY id")])


@app.get("/urls/<int:url>/delete")
def delete(url: int) -> Redirect:
    """The URL is gone; back to the list."""
    with g.db:
        gone = g.db.execute("DELETE FROM urls WHERE id = ? AND member_id = ?", (url, g.member))
    if not gone.rowcount:
        abort(404)
    return redirect("/urls")
