"""A search over artists (Flask, psycopg2).

Modelled on Lidarr/LidarrAPI.Metadata #76 (https://github.com/Lidarr/LidarrAPI.Metadata/issues/76): a NUL in the query
goes on to the driver, which refuses it: "A string literal cannot contain NUL (0x00) characters".
"""

import os
from contextlib import closing

import psycopg2
from flask import Flask, Response, abort, jsonify, request

app = Flask(__name__)


@app.get("/search")
def search() -> Response:
    """The artists whose name begins so, at most twenty."""
    query = request.args.get("query", "").strip()
    if not query:
        abort(400)
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM artists WHERE starts_with(lower(name), lower(%s)) LIMIT 20", (query,))
        return jsonify(artists=[name for (name,) in cursor])
