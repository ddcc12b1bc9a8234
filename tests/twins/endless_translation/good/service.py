"""Comments, and what they say in German (Flask, psycopg2, requests)."""

import os

import psycopg2
import requests
from flask import Flask, Response, jsonify, request

app = Flask(__name__)
translator = requests.Session()


def connect() -> psycopg2.extensions.connection:
    """A connection that does not wait for ever."""
    return psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=2, options="-c statement_timeout=500")


@app.errorhandler(psycopg2.Error)
def unavailable(error: psycopg2.Error) -> tuple[Response, int]:
    """The database is not there, or not as it should be."""
    app.logger.error("%s %s: the database failed", request.method, request.path, exc_info=error)
    return jsonify(error="try again later"), 503


def in_german(text: str) -> str:
    """What a text says in German; the text itself, where nobody can tell."""
    try:
        answer = translator.post(
            f"{os.environ['TRANSLATOR_URL']}/v2/translate", json={"text": text, "to": "DE"}, timeout=1
        )
        answer.raise_for_status()
    except requests.RequestException:
        app.logger.exception("no translation")
        return text
    return answer.json()["text"]


@app.get("/comments/<int:number>/german")
def show(number: int) -> Response:
    """A comment in German."""
    connection = connect()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT text FROM comments WHERE id = %s", (number,))
            row = cursor.fetchone()
    finally:
        connection.close()
    return jsonify(text=in_german(row[0]))
