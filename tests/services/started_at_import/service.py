"""Parcels that are checked in, in a service that does everything at import (Flask, psycopg2, APScheduler).

It burns the CPU for a while, opens a pool, makes its tables, starts a thread and a scheduler: nothing of that can be
forked, so that each trial starts it cold.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, Response, jsonify, request
from psycopg2.extensions import cursor as Cursor
from psycopg2.pool import ThreadedConnectionPool

TABLES = """
    CREATE TABLE IF NOT EXISTS parcels (
        number text PRIMARY KEY,
        shelf text NOT NULL
    )
"""

until = time.process_time() + float(os.environ["IMPORT_SECONDS"])
while time.process_time() < until:
    pass

app = Flask(__name__)
pool = ThreadedConnectionPool(1, 8, os.environ["DATABASE_URL"])
stopping = threading.Event()
beats = 0


@contextmanager
def transaction() -> Iterator[Cursor]:
    """A connection of the pool, in one transaction."""
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        pool.putconn(connection)


def watch() -> None:
    """Look after the shelves, for ever."""
    while not stopping.wait(0.05):
        pass


def beat() -> None:
    """Count that the service lives."""
    global beats  # noqa: PLW0603  # as their team wrote it
    beats += 1


with transaction() as first:
    first.execute(TABLES)
threading.Thread(target=watch, daemon=True, name="watch").start()
scheduler = BackgroundScheduler()
scheduler.add_job(beat, "interval", seconds=0.2)
scheduler.start()


@app.put("/parcels/<number>")
def check_in(number: str) -> Response:
    """Put a parcel on a shelf, or move it."""
    shelf = request.get_json()["shelf"]
    with transaction() as cursor:
        cursor.execute(
            "INSERT INTO parcels (number, shelf) VALUES (%s, %s)"
            " ON CONFLICT (number) DO UPDATE SET shelf = excluded.shelf",
            (number, shelf),
        )
    return jsonify(number=number, shelf=shelf)


@app.get("/parcels/<number>")
def find(number: str) -> Response:
    """Say where a parcel is."""
    with transaction() as cursor:
        cursor.execute("SELECT shelf FROM parcels WHERE number = %s", (number,))
        return jsonify(shelf=cursor.fetchone()[0])
