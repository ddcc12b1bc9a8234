"""Makes the tables of both stores."""

import os
import sqlite3

import psycopg

with psycopg.connect(os.environ["ORDERS"]) as orders:
    orders.execute("CREATE TABLE orders (id bigserial PRIMARY KEY, buyer text NOT NULL UNIQUE)")
with sqlite3.connect(os.environ["SEEN"]) as seen:
    seen.execute("CREATE TABLE seen (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL UNIQUE)")
