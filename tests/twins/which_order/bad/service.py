"""Orders, with a log of one JSON object a line (Flask, psycopg2).

Modelled on https://github.com/c2corg/v6_api/issues/583 (it is hard to see to which request an exception belongs) and
https://github.com/cisagov/manage.get.gov/issues/4924 (no id joins the lines of one request).
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from flask import Flask, Response, jsonify, request
from psycopg2.extensions import connection as Connection


class JSONFormatter(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        fields = {"level": record.levelname, "logger": record.name, "message": record.getMessage()}
        return json.dumps(fields)


handler = logging.StreamHandler()
handler.setFormatter(JSONFormatter())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("shop")
app = Flask(__name__)


@contextmanager
def transaction() -> Iterator[Connection]:
    """A connection of its own, in one transaction."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection:
        yield connection


@app.post("/orders")
def place() -> tuple[Response, int]:
    """Place an order, once for each reference."""
    wanted = request.get_json()
    log.info("placing an order of %s cents", wanted["cents"])
    try:
        with transaction() as connection, connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO orders (reference, cents) VALUES (%s, %s) ON CONFLICT (reference) DO NOTHING",
                (wanted["reference"], wanted["cents"]),
            )
    except psycopg2.Error as error:
        log.error("the database failed: %s", type(error).__name__)
        return jsonify(error="try again later"), 503
    log.info("placed")
    return jsonify(reference=wanted["reference"]), 201


@app.get("/orders/<reference>")
def look(reference: str) -> Response:
    """An order."""
    log.info("looking at an order")
    with transaction() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT cents FROM orders WHERE reference = %s", (reference,))
        return jsonify(cents=cursor.fetchone()[0])
