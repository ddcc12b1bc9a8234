"""Uploads that a worker makes thumbnails of, waiting in Redis (Flask, psycopg, redis-py).

Modelled on xorbitsai/xagent #1616 and getlago/lago-api PR 6319: the row is committed, the job is not queued, and the
retry is told that all is done.
"""

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
        added = connection.execute(
            "INSERT INTO uploads (reference, name) VALUES (%(reference)s, %(name)s)"
            " ON CONFLICT (reference) DO NOTHING RETURNING id",
            wanted,
        ).fetchone()
    if added:
        queue.sadd("thumbnails", wanted["reference"])
    return jsonify(reference=wanted["reference"]), 201


@app.get("/uploads/<reference>")
def state(reference: str) -> Response:
    """Whether a thumbnail is still to be made."""
    return jsonify(waiting=bool(queue.sismember("thumbnails", reference)))
