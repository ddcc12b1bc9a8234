"""The three drivers, each as its users use it: one manner of speaking for a test."""

import asyncio
import io
import ssl
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psycopg
import psycopg2


class Psycopg3:
    """By libpq, in a binary of its own."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True)
        self.encrypted = bool(self.connection.pgconn.ssl_in_use)

    def value(self, query: str, *arguments: object) -> object:
        return self.connection.execute(query.replace("$1", "%s"), arguments).fetchone()[0]

    def do(self, command: str) -> None:
        self.connection.execute(command)

    def copy_in(self, table: str, data: bytes) -> None:
        with self.connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(data)

    def copy_out(self, table: str) -> bytes:
        with self.connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
            return b"".join(copy)

    def close(self) -> None:
        self.connection.close()


class Psycopg2:
    """By libpq too."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg2.connect(dsn)
        self.connection.autocommit = True
        self.encrypted = self.connection.info.ssl_in_use

    def value(self, query: str, *arguments: object) -> object:
        with self.connection.cursor() as cursor:
            cursor.execute(query.replace("$1", "%s"), arguments or None)
            return cursor.fetchone()[0]

    def do(self, command: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(command)

    def copy_in(self, table: str, data: bytes) -> None:
        with self.connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(data))

    def copy_out(self, table: str) -> bytes:
        with self.connection.cursor() as cursor:
            kept = io.BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", kept)
            return kept.getvalue()

    def close(self) -> None:
        self.connection.close()


class Asyncpg:
    """Python's own TLS, on asyncio's loop."""

    def __init__(self, dsn: str) -> None:
        self.runner = asyncio.Runner()
        try:
            self.connection = self.runner.run(asyncpg.connect(dsn, timeout=20))
        except BaseException:
            self.runner.close()
            raise
        line = self.connection._transport
        self.encrypted = line.get_extra_info("ssl_object") is not None

    def value(self, query: str, *arguments: object) -> object:
        return self.runner.run(self.connection.fetchval(query, *arguments))

    def do(self, command: str) -> None:
        self.runner.run(self.connection.execute(command))

    def copy_in(self, table: str, data: bytes) -> None:
        self.runner.run(self.connection.copy_to_table(table, source=io.BytesIO(data)))

    def copy_out(self, table: str) -> bytes:
        kept = io.BytesIO()
        self.runner.run(self.connection.copy_from_table(table, output=kept))
        return kept.getvalue()

    def close(self) -> None:
        self.runner.run(self.connection.close(timeout=20))
        self.runner.close()


class AsyncpgContext(Asyncpg):
    """With a context of its user's own, as `ssl=` is often given."""

    def __init__(self, dsn: str) -> None:
        self.runner = asyncio.Runner()
        query = parse_qs(urlsplit(dsn).query)
        context = ssl.create_default_context(cafile=query["sslrootcert"][0])
        self.connection = self.runner.run(asyncpg.connect(dsn.partition("?")[0], ssl=context, timeout=20))
        self.encrypted = self.connection._transport.get_extra_info("ssl_object") is not None


DRIVERS = (Psycopg3, Psycopg2, Asyncpg)
