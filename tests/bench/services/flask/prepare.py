"""Makes the tables, and enough stock for any number of orders."""

import os
from contextlib import closing
from pathlib import Path

import psycopg2

SCHEMA = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")

with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
    cursor.execute(SCHEMA)
