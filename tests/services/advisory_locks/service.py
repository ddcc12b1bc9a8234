"""Reservations at a table, one of a reference each, kept apart by advisory locks alone (Flask, psycopg2)."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from flask import Flask, Response, jsonify, request
from psycopg2.extensions import cursor as Cursor

app = Flask(__name__)


@contextmanager
def locked(table: int) -> Iterator[Cursor]:
    """One transaction, in which nobody else reserves at this table: the lock ends with it."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1, %s)", (table,))
        yield cursor


@app.post("/tables/<int:table>/reservations")
def reserve(table: int) -> tuple[Response, int]:
    """Reserve seats, once for each reference, as long as there are some."""
    wanted = request.get_json()
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
        if cursor.fetchone()[0] < wanted["seats"]:
            return jsonify(error="the table is full"), 409
        cursor.execute(
            "INSERT INTO reservations (table_id, reference, seats) VALUES (%s, %s, %s)",
            (table, wanted["reference"], wanted["seats"]),
        )
    return jsonify(wanted), 201


@app.delete("/tables/<int:table>/reservations/<reference>")
def cancel(table: int, reference: str) -> tuple[Response, int]:
    """Give the seats back; what is not reserved is given back already."""
    with locked(table) as cursor:
        cursor.execute("DELETE FROM reservations WHERE table_id = %s AND reference = %s", (table, reference))
    return jsonify(), 200
