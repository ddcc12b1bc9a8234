"""Reservations at a table, one of a reference each, kept apart by advisory locks alone (Flask, psycopg2)."""

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from flask import Flask, Response, abort, jsonify, request
from psycopg2.extensions import cursor as Cursor

app = Flask(__name__)
REFERENCE = re.compile(r"[a-z0-9-]{1,80}")
MOST = 100  # seats


@app.errorhandler(psycopg2.Error)
def unavailable(error: psycopg2.Error) -> tuple[Response, int]:
    """The database is not there, or not as it should be."""
    app.logger.error("%s %s: the database failed", request.method, request.path, exc_info=error)
    return jsonify(error="try again later"), 503


@contextmanager
def locked(table: int) -> Iterator[Cursor]:
    """One transaction, in which nobody else reserves at this table: the lock ends with it."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1, %s)", (table,))
        yield cursor


def checked(wanted: object) -> dict[str, object]:
    """A wish for some seats under a reference; else 400."""
    match wanted:
        case {"reference": str(reference), "seats": int(seats)} if seats is not True and 0 < seats <= MOST:
            if REFERENCE.fullmatch(reference):
                return {"reference": reference, "seats": seats}
    abort(400)


@app.post("/tables/<int(max=2147483647):table>/reservations")
def reserve(table: int) -> tuple[Response, int]:
    """Reserve seats, once for each reference, as long as there are some."""
    wanted = checked(request.get_json())
    with locked(table) as cursor:
        cursor.execute(
            "SELECT seats FROM reservations WHERE table_id = %s AND reference = %s", (table, wanted["reference"])
        )
        if cursor.fetchone():
            return jsonify(wanted), 201
        cursor.execute(
            "SELECT seats - (SELECT coalesce(sum(seats), 0) FROM reservations WHERE table_id = %s)"
            " FROM tables WHERE id = %s",
            (table, table),
        )
        left = cursor.fetchone()
        if left is None:
            return jsonify(error="there is no such table"), 404
        if left[0] < wanted["seats"]:
            return jsonify(error="the table is full"), 409
        cursor.execute(
            "INSERT INTO reservations (table_id, reference, seats) VALUES (%s, %s, %s)",
            (table, wanted["reference"], wanted["seats"]),
        )
    return jsonify(wanted), 201


@app.delete("/tables/<int(max=2147483647):table>/reservations/<reference>")
def cancel(table: int, reference: str) -> tuple[Response, int]:
    """Give the seats back; what is not reserved is given back already."""
    if not REFERENCE.fullmatch(reference):
        return jsonify(), 404
    with locked(table) as cursor:
        cursor.execute("DELETE FROM reservations WHERE table_id = %s AND reference = %s", (table, reference))
    return jsonify(), 200
