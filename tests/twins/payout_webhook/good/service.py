"""Sellers of a market, paid out by Stripe when a sale is told of, once for each event (Flask, psycopg2, stripe)."""

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
    """Pay the seller out, unless that is done."""
    sale = request.get_json()
    with transaction() as cursor:
        cursor.execute(
            "INSERT INTO payouts (event, seller, cents) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (sale["id"], sale["seller"], sale["cents"]),
        )
        cursor.execute("SELECT transfer FROM payouts WHERE event = %s", (sale["id"],))
        (done,) = cursor.fetchone()
    if done is None:
        transfer = stripe.Transfer.create(
            amount=sale["cents"], currency="eur", destination=sale["seller"], idempotency_key=f"payout-{sale['id']}"
        )
        with transaction() as cursor:
            cursor.execute("UPDATE payouts SET transfer = %s WHERE event = %s", (transfer.id, sale["id"]))
    return jsonify(received=True)


@app.get("/payouts/<event>")
def show(event: str) -> Response:
    """The payouts of an event."""
    with transaction() as cursor:
        cursor.execute("SELECT seller, cents FROM payouts WHERE event = %s", (event,))
        return jsonify(payouts=[{"seller": seller, "cents": cents} for seller, cents in cursor.fetchall()])
