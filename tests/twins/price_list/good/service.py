"""Price lists that are imported, each file kept as a large object (Flask, psycopg2)."""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from flask import Flask, Response, jsonify, request
from psycopg2.extensions import connection as Connection

app = Flask(__name__)


@contextmanager
def transaction() -> Iterator[Connection]:
    """A connection of its own, in one transaction."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection:
        yield connection


@app.post("/prices")
def take() -> tuple[Response, int]:
    """Import a price list."""
    name, text = request.args["name"], request.get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text)))
    with transaction() as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO imports (name, file) VALUES (%s, 0) ON CONFLICT DO NOTHING RETURNING id", (name,)
        )
        new = cursor.fetchone()
        if new is None:
            return jsonify(rows=len(rows)), 201
        import_id = new[0]
        file = connection.lobject(mode="wb")
        file.write(text)
        cursor.execute("UPDATE imports SET file = %s WHERE id = %s", (file.oid, import_id))
        for article, cents in rows:
            cursor.execute(
                "INSERT INTO prices (import_id, article, cents) VALUES (%s, %s, %s)", (import_id, article, int(cents))
            )
    return jsonify(rows=len(rows)), 201


@app.get("/prices")
def total() -> Response:
    """What an import holds, and its file."""
    with transaction() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT file, (SELECT sum(cents) FROM prices WHERE import_id = imports.id) FROM imports WHERE name = %s",
            (request.args["name"],),
        )
        file, cents = cursor.fetchone()
        return jsonify(cents=cents, file=connection.lobject(file, "rb").read().decode())
