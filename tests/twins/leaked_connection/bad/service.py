"""Parcels and where they are (Flask, a pool of psycopg2).

Modelled on marieai/marie-ai #169: each error of the database leaves a connection that is never given back to the pool, until
the pool is exhausted.
"""

import os

import psycopg2
from flask import Flask, Response, jsonify, request
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
pool = ThreadedConnectionPool(
    0, 1, os.environ["DATABASE_URL"], connect_timeout=2, options="-c statement_timeout=500"
)  # a worker serves one request at a time


def execute(statement: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Execute one statement, in a transaction of its own."""
    connection = pool.getconn()
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall() if cursor.description else []
    pool.putconn(connection)
    return rows


@app.errorhandler(psycopg2.Error)
def unavailable(error: psycopg2.Error) -> tuple[Response, int]:
    """The database is not there, or not as it should be."""
    app.logger.error("%s %s: the database failed", request.method, request.path, exc_info=error)
    return jsonify(error="try again later"), 503


@app.put("/parcels/<number>")
def move(number: str) -> Response:
    """Note where a parcel is."""
    place = request.get_json()["place"]
    execute(
        "INSERT INTO parcels (number, place) VALUES (%s, %s) ON CONFLICT (number) DO UPDATE SET place = excluded.place",
        (number, place),
    )
    return jsonify(number=number, place=place)


@app.get("/parcels/<number>")
def find(number: str) -> Response:
    """Tell where a parcel is."""
    row = next(iter(execute("SELECT place FROM parcels WHERE number = %s", (number,))), None)
    return jsonify(number=number, place=row[0] if row else None)
