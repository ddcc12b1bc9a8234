"""A search over artists (Flask, psycopg2)."""

import os
from contextlib import closing

import psycopg2
from flask import Flask, Response, abort, jsonify, request

app = Flask(__name__)


@app.get("/search")
def search() -> Response:
    """The artists whose name begins so, at most twenty."""
    query = request.args.get("query", "").strip()
    if not query or "\x00" in query:
        abort(400)
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM artists WHERE starts_with(lower(name), lower(%s)) LIMIT 20", (query,))
        return jsonify(artists=[name for (name,) in cursor])
