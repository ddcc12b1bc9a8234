"""The notes, by the driver that DRIVER names, in the database of DATABASE_URL or DATABASE_PATH.

A store `waits` where its methods are plain functions; else they are coroutines. Each method may be called again: a
title is the note's natural key, and a note has one announcement.
"""

import importlib
import os

PATIENCE = 2  # seconds for a connection and for a statement: who asks is answered while he still waits
LIBPQ = {"connect_timeout": PATIENCE, "options": f"-c statement_timeout={PATIENCE}s"}
DRIVERS = {
    "psycopg": ("blocking", "Psycopg"),
    "psycopg2": ("blocking", "Psycopg2"),
    "sqlite3": ("blocking", "Sqlite"),
    "psycopg async": ("awaiting", "Psycopg"),
    "asyncpg": ("awaiting", "Asyncpg"),
    "aiosqlite": ("awaiting", "Sqlite"),
    "sqlalchemy psycopg": ("mapped", "Sessions"),
    "sqlalchemy psycopg2": ("mapped", "Sessions"),
    "sqlalchemy sqlite3": ("mapped", "Sessions"),
    "sqlalchemy psycopg async": ("mapped", "AsyncSessions"),
    "sqlalchemy asyncpg": ("mapped", "AsyncSessions"),
    "sqlalchemy aiosqlite": ("mapped", "AsyncSessions"),
}


def chosen():
    """The store of this process."""
    module, name = DRIVERS[os.environ["DRIVER"]]
    return getattr(importlib.import_module(f"stores.{module}"), name)()
