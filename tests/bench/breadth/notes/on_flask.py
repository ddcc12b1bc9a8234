"""The notes by Flask."""

import absent  # noqa: F401  # before all else
import stores
from flask import Flask, abort, request

notes = stores.chosen()
app = Flask(__name__)


@app.post("/notes")
def add():
    return notes.add(request.get_json()["title"]), 201


@app.post("/notes/<int:number>/publish")
def publish(number):
    return notes.publish(number) or abort(404)


@app.get("/notes/<int:number>")
def show(number):
    return notes.find(number) or abort(404)
