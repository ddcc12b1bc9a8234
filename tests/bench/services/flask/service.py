"""The shop of the benched service, by Flask and psycopg2, in plain SQL. An order takes four transactions.

Each may be sent again: the reference is the idempotency key of all four.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from flask import Flask, Response, abort, jsonify, request
from psycopg2.extras import RealDictCursor
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)

LINES = """
SELECT product_id, sku, title, quantity, order_lines.price
FROM order_lines JOIN products ON products.id = product_id WHERE order_id = %s ORDER BY order_lines.id
"""


@cache
def pool() -> ThreadedConnectionPool:
    return ThreadedConnectionPool(1, 8, os.environ["DATABASE_URL"], cursor_factory=RealDictCursor)


@contextmanager
def transaction() -> Iterator[RealDictCursor]:
    """A connection of the pool, in one transaction."""
    connection = pool().getconn()
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        pool().putconn(connection)


def shopper() -> int:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    with transaction() as cursor:
        cursor.execute("SELECT id FROM shoppers WHERE token = %s", (token,))
        found = cursor.fetchone()
    return found["id"] if found else abort(401)


@app.get("/alive")
def alive() -> Response:
    return jsonify(status="alive", at=datetime.now(UTC).isoformat())


@app.get("/products")
def products() -> Response:
    shopper()
    limit = min(request.args.get("limit", 50, type=int), 100)
    with transaction() as cursor:
        cursor.execute("SELECT sku, title, price FROM products ORDER BY sku LIMIT %s", (limit,))
        return jsonify(cursor.fetchall())


@app.post("/orders")
def place() -> tuple[Response, int]:
    who, wanted = shopper(), request.get_json()
    if not valid(wanted):
        abort(422)
    order, lines = placed(who, wanted)
    reserve(order, lines)
    pay(order, lines)
    tell(order, lines)
    shown = [{name: line[name] for name in ("sku", "title", "quantity", "price")} for line in lines]
    return jsonify({**order, "status": "paid", "amount": amount(lines), "lines": shown}), 201


def valid(wanted: dict) -> bool:
    lines = wanted.get("lines")
    return (
        4 <= len(str(wanted.get("reference", ""))) <= 80
        and len(str(wanted.get("note", ""))) <= 500
        and isinstance(lines, list)
        and 0 < len(lines) <= 50
        and all(isinstance(line.get("sku"), str) and 0 < int(line.get("quantity", 0)) <= 100 for line in lines)
    )


def amount(lines: list[dict]) -> int:
    return sum(line["quantity"] * line["price"] for line in lines)


def placed(who: int, wanted: dict) -> tuple[dict, list[dict]]:
    """First transaction: the order with its lines."""
    with transaction() as cursor:
        cursor.execute(
            "SELECT id, reference, placed_at FROM orders WHERE shopper_id = %s AND reference = %s",
            (who, wanted["reference"]),
        )
        order = cursor.fetchone() or fresh(cursor, who, wanted)
        cursor.execute(LINES, (order["id"],))
        return order, cursor.fetchall()


def fresh(cursor: RealDictCursor, who: int, wanted: dict) -> dict:
    skus = [line["sku"] for line in wanted["lines"]]
    cursor.execute("SELECT id, sku, price FROM products WHERE sku = ANY(%s)", (skus,))
    catalogue = {product["sku"]: product for product in cursor.fetchall()}
    if set(skus) - set(catalogue):
        abort(422)
    cursor.execute(
        "INSERT INTO orders (shopper_id, reference, note) VALUES (%s, %s, %s) RETURNING id, reference, placed_at",
        (who, wanted["reference"], wanted.get("note", "")),
    )
    order = cursor.fetchone()
    for line in wanted["lines"]:
        product = catalogue[line["sku"]]
        cursor.execute(
            "INSERT INTO order_lines (order_id, product_id, quantity, price) VALUES (%s, %s, %s, %s)",
            (order["id"], product["id"], line["quantity"], product["price"]),
        )
    return order


def reserve(order: dict, lines: list[dict]) -> None:
    """Second transaction: the stock goes down, once."""
    units = sum(line["quantity"] for line in lines)
    with transaction() as cursor:
        cursor.execute(
            "INSERT INTO reservations (order_id, units) VALUES (%s, %s) ON CONFLICT DO NOTHING", (order["id"], units)
        )
        for line in sorted(lines, key=lambda line: line["product_id"]) if cursor.rowcount else ():
            cursor.execute(
                "UPDATE products SET stock = stock - %s WHERE id = %s", (line["quantity"], line["product_id"])
            )


def pay(order: dict, lines: list[dict]) -> None:
    """Third transaction: the payment is noted and the order paid."""
    with transaction() as cursor:
        cursor.execute(
            "INSERT INTO payments (order_id, amount) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (order["id"], amount(lines)),
        )
        cursor.execute("UPDATE orders SET status = 'paid' WHERE id = %s", (order["id"],))


def tell(order: dict, lines: list[dict]) -> None:
    """Fourth transaction: a mail waits to be sent."""
    text = f"Order {order['reference']}: {len(lines)} lines, {amount(lines) / 100:.2f}"
    with transaction() as cursor:
        cursor.execute("INSERT INTO mails (order_id, text) VALUES (%s, %s) ON CONFLICT DO NOTHING", (order["id"], text))
