"""Applies the variant's schema.sql to the file that hotfire made room for."""

import os
import sqlite3
from pathlib import Path

with sqlite3.connect(os.environ["DATABASE"]) as connection:
    connection.executescript(Path("schema.sql").read_text())
