"""A task list (Flask, psycopg).

Modelled on https://github.com/newtonmunene99/tasker/issues/1: who undoes the deletion of a task gets it without what was set.
"""

import os

import psycopg
from flask import Flask, Response, abort, jsonify, request

app = Flask(__name__)


def connect() -> psycopg.Connection:
    """A connection for one request."""
    return psycopg.connect(os.environ["DATABASE_URL"])


@app.get("/tasks/<int:task>")
def show(task: int) -> Response:
    """A task with its steps."""
    with connect() as connection:
        found = connection.execute("SELECT title, due FROM tasks WHERE id = %s", [task]).fetchone()
        steps = connection.execute("SELECT text FROM steps WHERE task = %s ORDER BY id", [task]).fetchall()
    if found is None:
        abort(404)
    return jsonify(id=task, title=found[0], due=found[1].isoformat(), steps=[text for (text,) in steps])


@app.delete("/tasks/<int:task>")
def delete(task: int) -> tuple[str, int]:
    """Delete a task; its steps go with it."""
    with connect() as connection:
        connection.execute("DELETE FROM tasks WHERE id = %s", [task])
    return "", 204


@app.post("/tasks")
def put_back() -> tuple[Response, int]:
    """Put a task in as it was shown."""
    shown = request.get_json()
    with connect() as connection:
        (number,) = connection.execute(
            "INSERT INTO tasks (title) VALUES (%s) RETURNING id", [shown["title"]]
        ).fetchone()
        for text in shown["steps"]:
            connection.execute("INSERT INTO steps (task, text) VALUES (%s, %s)", [number, text])
    return jsonify(id=number), 201
