"""Sellers of a market, paid out by Stripe when a sale is told of (Flask, psycopg2, stripe).

Modelled on https://github.com/ResearchHub/researchhub-backend/pull/3468 and
https://github.com/dj-stripe/dj-stripe/issues/1239: webhooks are delivered at least once, and
each delivery does the work again.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import stripe
from flask import Flask, Response, jsonify, request
from psycopg2.extensions import cursor as Cursor

app = Flask(__name__)
stripe.api_key = os.environ["STRIPE_KEY"]


@contextmanager
def transaction() -> Iterator[Cursor]:
    """A connection of its own, in one transaction."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        yield cursor


@app.post("/webhooks/sales")
def sold() -> Response:
    """Pay the seller out."""
    sale = request.get_json()
    transfer = stripe.Transfer.create(amount=sale["cents"], currency="eur", destination=sale["seller"])
    with transaction() as cursor:
        cursor.execute(
            "INSERT INTO payouts (event, seller, cents, transfer) VALUES (%s, %s, %s, %s)",
            (sale["id"], sale["seller"], sale["cents"], transfer.id),
        )
    return jsonify(received=True)


@app.get("/payouts/<event>")
def show(event: str) -> Response:
    """The payouts of an event."""
    with transaction() as cursor:
        cursor.execute("SELECT seller, cents FROM payouts WHERE event = %s", (event,))
        return jsonify(payouts=[{"seller": seller, "cents": cents} for seller, cents in cursor.fetchall()])
