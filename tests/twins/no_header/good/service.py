"""Recipes that everybody reads (Flask, sqlite3).

Modelled on https://github.com/Tmeister/wp-api-jwt-auth/issues/161 and
https://github.com/szerhusenBC/jwt-spring-security-demo/issues/45: a wrong token is refused, and none at all is let in.
"""

import os
import sqlite3

from flask import Flask, Response, abort, g, jsonify, request

app = Flask(__name__)


@app.before_request
def know_member() -> None:
    """Who asks, by token."""
    g.db = sqlite3.connect(os.environ["DATABASE"])
    g.member = None
    header = request.headers.get("Authorization")
    if header:
        token = header.removeprefix("Bearer ")
        found = g.db.execute("SELECT id FROM members WHERE token = ?", (token,)).fetchone()
        if found is None:
            abort(401)
        g.member = found[0]


@app.teardown_request
def let_go(_: BaseException | None) -> None:
    """The connection is the request's own."""
    g.db.close()


@app.post("/recipes")
def write() -> tuple[Response, int]:
    """A new recipe."""
    if g.member is None:
        abort(401)
    with g.db:
        new = g.db.execute(
            "INSERT INTO recipes (member_id, title) VALUES (?, ?)", (g.member, request.get_json()["title"])
        )
    return jsonify(id=new.lastrowid), 201


@app.get("/recipes/<int:recipe>")
def read(recipe: int) -> Response:
    """A recipe, for everybody."""
    found = g.db.execute("SELECT title FROM recipes WHERE id = ?", (recipe,)).fetchone() or abort(404)
    return jsonify(title=found[0])


@app.put("/recipes/<int:recipe>")
def change(recipe: int) -> Response:
    """The recipe with another title."""
    found = g.db.execute("SELECT member_id FROM recipes WHERE id = ?", (recipe,)).fetchone() or abort(404)
    if found[0] != g.member:
        abort(403)
    with g.db:
        g.db.execute("UPDATE recipes SET title = ? WHERE id = ?", (request.get_json()["title"], recipe))
    return jsonify(title=request.get_json()["title"])
