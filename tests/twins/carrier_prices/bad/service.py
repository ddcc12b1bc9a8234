"""Shipments at a carrier's price (Flask, psycopg, requests).

Modelled on future-agi/future-agi #499 (https://github.com/future-agi/future-agi/issues/499): `requests` has no deadline of
its own, and some twenty calls gave it none, so a partner that is slow or half open keeps a worker as long as it likes.
"""

import os

import psycopg
import requests
from flask import Flask, Response, jsonify, request

PRICES = "https://api.carrier.example/v1/prices"
app = Flask(__name__)


def connect() -> psycopg.Connection:
    """A connection of its own for each request."""
    return psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=2, options="-c statement_timeout=500")


def price_of(grams: int) -> int:
    """What the carrier takes for a parcel of this weight."""
    answer = requests.get(PRICES, params={"grams": grams})
    answer.raise_for_status()
    return answer.json()["cents"]


@app.errorhandler(psycopg.Error)
@app.errorhandler(requests.RequestException)
def unavailable(error: Exception) -> tuple[Response, int]:
    """The database or the carrier is not there, or not as it should be."""
    app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return jsonify(error="try again later"), 503


@app.put("/shipments/<number>")
def book(number: str) -> Response:
    """Book a shipment, or book it anew with another weight."""
    grams = request.get_json()["grams"]
    cents = price_of(grams)
    with connect() as connection:
        connection.execute(
            "INSERT INTO shipments (number, grams, cents) VALUES (%s, %s, %s)"
            " ON CONFLICT (number) DO UPDATE SET grams = excluded.grams, cents = excluded.cents",
            (number, grams, cents),
        )
    return jsonify(number=number, cents=cents)


@app.get("/shipments/<number>")
def show(number: str) -> Response:
    """What a shipment costs."""
    with connect() as connection:
        row = connection.execute("SELECT cents FROM shipments WHERE number = %s", (number,)).fetchone()
    return jsonify(number=number, cents=row[0] if row else None)
