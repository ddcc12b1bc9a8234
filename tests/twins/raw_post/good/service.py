"""A blog with a form for more (Flask, sqlite3 on threads)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from flask import Flask, abort, redirect, render_template_string, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

app = Flask(__name__)

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>{{ title }} - The blog</title></head>
<body>
<h1>{{ title }}</h1>
<article>{{ text }}</article>
<form method="post" action="{{ url_for('comment', post=post) }}">
<input type="hidden" name="post" value="{{ post }}">
<textarea name="text" required></textarea>
<button>Comment</button>
</form>
</body>
</html>
"""


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


def paragraphs(text: str) -> Markup:
    """A text with an element for each paragraph."""
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in text.split("\n\n"))


@app.post("/posts")
def write() -> Response:
    """Write a post."""
    with database() as connection:
        post = connection.execute(
            "INSERT INTO posts (title, text) VALUES (?, ?)", (request.form["title"], request.form["text"])
        ).lastrowid
    return redirect(url_for("show", post=post), 303)


@app.get("/posts/<int:post>")
def show(post: int) -> str:
    """Show a post, with a form for comments."""
    with database() as connection:
        row = connection.execute("SELECT title, text FROM posts WHERE id = ?", (post,)).fetchone()
    if row is None:
        abort(404)
    return render_template_string(PAGE, post=post, title=row[0], text=paragraphs(row[1]))


@app.post("/posts/<int:post>/comments")
def comment(post: int) -> Response:
    """Comment on a post."""
    with database() as connection:
        connection.execute("INSERT INTO comments (post, text) VALUES (?, ?)", (post, request.form["text"]))
    return redirect(url_for("show", post=post), 303)
