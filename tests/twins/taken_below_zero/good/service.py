"""What a store room holds (Flask, sqlite3), with the document that its clients are made from."""

import os
import sqlite3
from contextlib import closing

from flask import Flask, Response, abort, jsonify, request

app = Flask(__name__)
LARGEST = 10_000
TAKING = {
    "type": "object",
    "required": ["item", "quantity"],
    "properties": {
        "item": {"type": "string", "enum": ["gloves", "masks"]},
        "quantity": {"type": "integer", "minimum": 1, "maximum": LARGEST},
    },
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Store room", "version": "1"},
    "paths": {
        "/takings": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": TAKING}}},
                "responses": {
                    "201": {"description": "Taken out."},
                    "400": {"description": "Refused."},
                    "409": {"description": "There is not so much."},
                },
            }
        }
    },
}


@app.get("/openapi.json")
def document() -> Response:
    """The interface, for those who make clients of it."""
    return jsonify(DOCUMENT)


@app.post("/takings")
def take() -> tuple[Response, int]:
    """Take something out of the store room."""
    taking = request.get_json()
    item, quantity = (taking.get("item"), taking.get("quantity")) if isinstance(taking, dict) else (None, None)
    if item not in ("gloves", "masks") or type(quantity) is not int or not 1 <= quantity <= LARGEST:
        abort(400)
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        taken = connection.execute(
            "UPDATE stock SET amount = amount - :quantity WHERE item = :item AND amount >= :quantity",
            {"item": item, "quantity": quantity},
        )
        if not taken.rowcount:
            abort(409)
    return jsonify(item=item, quantity=quantity), 201
