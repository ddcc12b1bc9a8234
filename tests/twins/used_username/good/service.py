"""Users of a mentorship programme (Flask, sqlite3)."""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from flask import Flask, Response, abort, jsonify, request

app = Flask(__name__)
NAME = re.compile(r"[\w ]{1,40}")
USERNAME = re.compile(r"[a-z0-9_-]{3,30}")


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request, in one transaction."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


def field(name: str, pattern: re.Pattern[str]) -> str:
    """A field of the body, of the form that it must have."""
    body = request.get_json()
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not pattern.fullmatch(value):
        abort(400, f"{name} is not valid")
    return value


def signed_in(connection: sqlite3.Connection) -> int:
    """The id of the user whose token the request carries."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    found = connection.execute("SELECT id FROM users WHERE token = ?", (token,)).fetchone()
    if found is None:
        abort(401)
    return int(found[0])


@app.post("/register")
def register() -> tuple[Response, int]:
    """Register a user."""
    username, name, token = field("username", USERNAME), field("name", NAME), secrets.token_hex(16)
    with database() as connection:
        created = connection.execute(
            "INSERT INTO users (username, name, token) VALUES (?, ?, ?) ON CONFLICT (username) DO NOTHING",
            (username, name, token),
        )
        if not created.rowcount:
            abort(409, "a user with that username already exists")
    return jsonify(access_token=token), 201


@app.put("/user")
def update() -> Response:
    """Change one's own username."""
    with database() as connection:
        user, username = signed_in(connection), field("username", USERNAME)
        changed = connection.execute("UPDATE OR IGNORE users SET username = ? WHERE id = ?", (username, user))
        if not changed.rowcount:
            abort(409, "a user with that username already exists")
    return jsonify(username=username)
