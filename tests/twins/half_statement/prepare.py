"""Applies the variant's schema.sql to the file that hotfire made room for, with the entries of two accounts."""

import os
import sqlite3
from pathlib import Path

with sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///")) as connection:
    connection.executescript(Path("schema.sql").read_text())
    for account in ("household", "savings"):
        rows = [(account, f"transfer no. {number} of {account}", 100 + number) for number in range(400)]
        connection.executemany("INSERT INTO entries (account, text, cents) VALUES (?, ?, ?)", rows)
