"""Polls (Flask, sqlite3).

Modelled on hartwork/jawanndenn #44 (https://github.com/hartwork/jawanndenn/issues/44): half of a surrogate pair is
JSON's to carry, and no database's to keep.
"""

import os
import sqlite3
from contextlib import closing

from flask import Flask, Response, abort, jsonify, request

app = Flask(__name__)
LONGEST = 200


@app.post("/polls")
def create() -> tuple[Response, int]:
    """Create a poll."""
    poll = request.get_json()
    title = poll.get("title") if isinstance(poll, dict) else None
    if not isinstance(title, str) or not 0 < len(title.strip()) <= LONGEST:
        abort(400)
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        cursor = connection.execute("INSERT INTO polls (title) VALUES (?)", (title,))
    return jsonify(id=cursor.lastrowid), 201
