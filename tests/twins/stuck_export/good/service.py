"""Exports that are made once each (Flask, a pool of psycopg2)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, jsonify, request
from psycopg2.extensions import cursor as Cursor
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
pool = ThreadedConnectionPool(0, 8, os.environ["DATABASE_URL"])


@contextmanager
def transaction() -> Iterator[Cursor]:
    """A connection of the pool, in one transaction."""
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        pool.putconn(connection)


@app.post("/exports")
def make() -> tuple[Response, int]:
    """Make an export, unless somebody makes it."""
    reference = request.get_json()["reference"]
    with transaction() as cursor:
        cursor.execute(
            "INSERT INTO exports (reference, status) VALUES (%s, 'processing') ON CONFLICT DO NOTHING", (reference,)
        )
        if not cursor.rowcount:
            return jsonify(error="this export is being made, or was made"), 409
        cursor.execute("INSERT INTO files (export, content) VALUES (%s, 'a,b,c')", (reference,))
        cursor.execute("UPDATE exports SET status = 'done' WHERE reference = %s", (reference,))
    return jsonify(reference=reference), 201


@app.get("/exports/<reference>")
def show(reference: str) -> Response:
    """The status of an export."""
    with transaction() as cursor:
        cursor.execute("SELECT status FROM exports WHERE reference = %s", (reference,))
        return jsonify(status=cursor.fetchone()[0])
