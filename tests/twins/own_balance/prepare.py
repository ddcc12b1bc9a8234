"""Applies the variant's schema.sql to the database that hotfire made."""

import os
from contextlib import closing
from pathlib import Path

import psycopg

with closing(psycopg.connect(os.environ["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
    cursor.execute(Path("schema.sql").read_text())
