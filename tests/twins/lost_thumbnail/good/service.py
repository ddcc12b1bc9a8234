"""Uploads that a worker makes thumbnails of, waiting in Redis (Flask, psycopg, redis-py)."""

import os

import psycopg
import redis
from flask import Flask, Response, jsonify, request

app = Flask(__name__)
queue = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)


@app.post("/uploads")
def upload() -> tuple[Response, int]:
    """Take an upload, once for each reference, and have a thumbnail made of it."""
    wanted = request.get_json()
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO uploads (reference, name) VALUES (%(reference)s, %(name)s) ON CONFLICT (reference) DO NOTHING",
            wanted,
        )
    queue.sadd("thumbnails", wanted["reference"])
    return jsonify(reference=wanted["reference"]), 201


@app.get("/uploads/<reference>")
def state(reference: str) -> Response:
    """Whether a thumbnail is still to be made."""
    return jsonify(waiting=bool(queue.sismember("thumbnails", reference)))
