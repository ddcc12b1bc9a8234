"""A forum (Flask, psycopg, smtplib).

Modelled on https://github.com/flaskbb/flaskbb/issues/380: each topic keeps the number of its replies, from which
a reply that is deleted must be taken.
"""

import os
import smtplib
from email.message import EmailMessage

import psycopg
from flask import Flask, Response, abort, jsonify, request, url_for

app = Flask(__name__)


def connect() -> psycopg.Connection:
    """A connection for one request."""
    return psycopg.connect(os.environ["DATABASE_URL"])


def tell(address: str, title: str, body: str) -> None:
    """Tell whoever asked of a reply."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "forum@example.org", address, f"A reply to {title}"
    mail.set_content(body)
    with smtplib.SMTP(os.environ["MAIL_HOST"], int(os.environ["MAIL_PORT"])) as client:
        client.send_message(mail)


@app.post("/topics/<int:topic>/replies")
def reply(topic: int) -> tuple[Response, int, dict[str, str]]:
    """Add a reply to a topic."""
    member, body = request.headers["X-Member"], request.get_json()["body"]
    with connect() as connection:
        found = connection.execute(
            "UPDATE topics SET replies = replies + 1 WHERE id = %s RETURNING title, asked_by", [topic]
        ).fetchone()
        if found is None:
            abort(404)
        (number,) = connection.execute(
            "INSERT INTO replies (topic, member, body) VALUES (%s, %s, %s) RETURNING id", [topic, member, body]
        ).fetchone()
    title, asked_by = found
    tell(asked_by, title, body)
    return jsonify(id=number), 201, {"Location": url_for("delete", number=number)}


@app.delete("/replies/<int:number>")
def delete(number: int) -> tuple[str, int]:
    """Take back a reply of one's own."""
    with connect() as connection:
        gone = connection.execute(
            "DELETE FROM replies WHERE id = %s AND member = %s RETURNING topic", [number, request.headers["X-Member"]]
        ).fetchone()
        if gone is None:
            abort(404)
        connection.execute("UPDATE topics SET replies = replies - 1 WHERE id = %s", gone)
    return "", 204


@app.get("/topics/<int:topic>")
def show(topic: int) -> Response:
    """A topic, with how many replied and what they said."""
    with connect() as connection:
        found = connection.execute("SELECT title, replies FROM topics WHERE id = %s", [topic]).fetchone()
        said = connection.execute("SELECT body FROM replies WHERE topic = %s ORDER BY id", [topic]).fetchall()
    if found is None:
        abort(404)
    return jsonify(title=found[0], replies=found[1], said=[body for (body,) in said])
