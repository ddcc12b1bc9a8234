"""Plain SQL by a DB-API driver: a connection for each transaction."""

import contextlib
import importlib
import os

from stores import LIBPQ, statements


class Notes:
    """What the three drivers share."""

    waits = True
    mark, serial = "%s", "serial"

    def make_tables(self):
        with self.transaction() as ask:
            for statement in statements.tables(self.serial):
                ask(statement)

    def add(self, title):
        with self.transaction() as ask:
            ask(statements.ADD, title)
            note = ask(statements.TITLED, title)
        with self.transaction() as ask:
            ask(statements.ANNOUNCE, note[0], f"new: {title}")
        return statements.told(note)

    def publish(self, number):
        with self.transaction() as ask:
            ask(statements.PUBLISH, number)
            return statements.told(ask(statements.FIND, number))

    def find(self, number):
        with self.transaction() as ask:
            return statements.told(ask(statements.FIND, number))

    @contextlib.contextmanager
    def transaction(self):
        """Yields what asks a statement and gives its first row, if it has one."""
        with contextlib.closing(self.connect()) as connection, connection:
            cursor = connection.cursor()

            def ask(statement, *values):
                cursor.execute(statement.replace("?", self.mark), values)
                return cursor.fetchone() if cursor.description else None

            yield ask


class Psycopg(Notes):
    def connect(self):
        return importlib.import_module("psycopg").connect(os.environ["DATABASE_URL"], **LIBPQ)


class Psycopg2(Notes):
    def connect(self):
        return importlib.import_module("psycopg2").connect(os.environ["DATABASE_URL"], **LIBPQ)


class Sqlite(Notes):
    mark, serial = "?", "integer"

    def connect(self):
        return importlib.import_module("sqlite3").connect(os.environ["DATABASE_PATH"])
