"""Votes, one of a voter on each subject (Flask, SQLAlchemy on psycopg2; started by gunicorn with two workers).

Modelled on readthedocs/readthedocs.org PR 8310: what is looked up and then inserted is there twice when two workers look
at once.
"""

import os

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://", 1))


@app.post("/votes")
def vote() -> tuple[Response, int]:
    """Vote, or change one's mind."""
    mine = request.get_json()
    with engine.begin() as connection:
        find = text("SELECT id FROM votes WHERE voter = :voter AND subject = :subject")
        known = connection.execute(find, mine).scalar()
        if known:
            connection.execute(text("UPDATE votes SET choice = :choice WHERE id = :id"), {**mine, "id": known})
        else:
            connection.execute(
                text("INSERT INTO votes (voter, subject, choice) VALUES (:voter, :subject, :choice)"), mine
            )
    return jsonify(mine), 201


@app.get("/votes/<subject>")
def count(subject: str) -> Response:
    """How many voted on a subject."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM votes WHERE subject = :subject"), {"subject": subject})
        return jsonify(votes=found.scalar())
