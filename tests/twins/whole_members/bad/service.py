"""Members and their addresses (Flask, psycopg).

Modelled on https://github.com/infiniflow/ragflow/issues/14789 (to_dict answers with every column of a user, password and
access_token too) and https://github.com/Mailu/Mailu/issues/3857.
"""

import logging
import os
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import psycopg
from flask import Flask, Response, abort, g, jsonify, request
from psycopg.rows import dict_row

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
app = Flask(__name__)


def connect() -> psycopg.Connection[dict[str, Any]]:
    """A connection of its own; a transaction lasts as long as its `with`."""
    return psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row)


def signed_in(view: Callable[..., Response]) -> Callable[..., Response]:
    """Only for members, by the token that they earned."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        with connect() as connection:
            g.member = connection.execute("SELECT id FROM members WHERE token = %s", (token,)).fetchone()
        return view(*args, **kwargs) if g.member else abort(401)

    return guarded


@app.post("/sign-in")
def sign_in() -> Response:
    """A token for a member."""
    wanted, token = request.get_json(), secrets.token_urlsafe(24)
    with connect() as connection:
        known = connection.execute(
            "UPDATE members SET token = %s WHERE email = %s AND password = %s RETURNING id",
            (token, wanted["email"], wanted["password"]),
        ).fetchone()
    return jsonify(token=token) if known else abort(403)


@app.put("/me")
@signed_in
def change() -> Response:
    """A member's new address."""
    with connect() as connection:
        connection.execute("UPDATE members SET email = %s WHERE id = %s", (request.get_json()["email"], g.member["id"]))
    return jsonify(email=request.get_json()["email"])


@app.get("/members")
@signed_in
def members() -> Response:
    """All members."""
    with connect() as connection:
        return jsonify(members=connection.execute("SELECT * FROM members ORDER BY id").fetchall())
