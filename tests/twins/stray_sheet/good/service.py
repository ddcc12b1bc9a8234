"""Sample sheets with their rows (Flask, SQLAlchemy on psycopg)."""

import os

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

app = Flask(__name__)
engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_pre_ping=True,
    connect_args={"connect_timeout": 2, "options": "-c statement_timeout=500"},
)
SHEET = text("INSERT INTO sheets (title) VALUES (:title) RETURNING id")
ROW = text("INSERT INTO samples (sheet, name) VALUES (:sheet, :name)")
FIND = text("SELECT name FROM samples JOIN sheets ON sheets.id = sheet WHERE title = :title ORDER BY name")


@app.errorhandler(SQLAlchemyError)
def unavailable(error: SQLAlchemyError) -> tuple[Response, int]:
    """The database is not there, or not as it should be."""
    app.logger.error("%s %s: the database failed", request.method, request.path, exc_info=error)
    return jsonify(error="try again later"), 503


@app.post("/sheets")
def load() -> tuple[Response, int]:
    """Import a sheet with all of its rows."""
    sheet = request.get_json()
    with engine.begin() as connection:
        number = connection.scalar(SHEET, {"title": sheet["title"]})
        for name in sheet["samples"]:
            connection.execute(ROW, {"sheet": number, "name": name})
    return jsonify(id=number), 201


@app.get("/sheets/<title>")
def show(title: str) -> Response:
    """The rows of a sheet."""
    with engine.connect() as connection:
        return jsonify(samples=list(connection.scalars(FIND, {"title": title})))
