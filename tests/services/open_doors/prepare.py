"""Applies schema.sql to the file that hotfire made room for."""

import os
import sqlite3
from pathlib import Path

connection = sqlite3.connect(os.environ["DATABASE"])
connection.executescript(Path("schema.sql").read_text())
connection.close()
