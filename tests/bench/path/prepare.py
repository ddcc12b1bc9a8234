"""Makes the tables, and signs everybody in."""

import os
from pathlib import Path

import psycopg
import redis

PEOPLE = {
    "of-ann-1f0c7d5be2": {"name": "ann", "role": "buyer"},
    "of-bob-93a6e8c014": {"name": "bob", "role": "buyer"},
    "of-evelyn-5d27b1f9a8": {"name": "evelyn", "role": "approver"},
}

with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute(Path("schema.sql").read_bytes())
with redis.from_url(os.environ["REDIS_URL"]) as sessions:
    for token, person in PEOPLE.items():
        sessions.hset(f"session:{token}", mapping=person)
