"""Applies the variant's schema.sql to the file that hotfire made room for; its journal is a rollback journal."""

import os
import sqlite3
from pathlib import Path

with sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///")) as connection:
    connection.executescript(Path("schema.sql").read_text())
