"""The rows of the breadth: which framework, driver and server belong together, and each row's configuration.

One project, `notes`, is all of them: its environment says which.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hotfire.config import Config, Dependency, Service
from hotfire.worlds.launchpad import Site

PROJECT = Path(__file__).parent / "notes"

APPS = {
    "FastAPI": "on_fastapi:app",
    "Starlette": "on_starlette:app",
    "Litestar": "on_litestar:app",
    "Flask": "on_flask:app",
    "Django WSGI": "on_django.wsgi:application",
    "Django ASGI": "on_django.asgi:application",
}
WSGI = {
    "gunicorn": "",
    "waitress": "gunicorn",
    "uvicorn": "gunicorn waitress",
    "wsgiref": "gunicorn waitress uvicorn.middleware.wsgi",
}
"""Server of a WSGI application → the modules that a Python must lack for hotfire to take it."""
HIDDEN = {"Django psycopg2": "psycopg", "Django psycopg": "psycopg2"}
"""Django takes psycopg 3 where both are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One service: `server` is what serves its application, or, with `command`, the words that start it."""

    framework: str
    driver: str
    server: str
    command: bool = False

    def __str__(self) -> str:
        return f"{self.framework} · {self.driver} · {self.server}"

    @property
    def on_sqlite(self) -> bool:
        """Whether its database is a file."""
        return "sqlite" in self.driver

    def site(self, *, server: str, python: str) -> Site:
        """The project as this row has it; `server` is the PostgreSQL server, `python` the service's (or "")."""
        database = Dependency(name="db", kind="sqlite" if self.on_sqlite else "postgres")
        if not self.on_sqlite:
            database = replace(database, server=server)
        return Site(
            project=PROJECT,
            config=Config(service=self._service(python), dependencies=(database,), project=str(self)),
        )

    def _service(self, python: str) -> Service:
        app = APPS[self.framework]
        django = self.framework.startswith("Django")
        return Service(
            app="" if self.command else app,
            command=tuple(f"{self.server} {app}".split()) if self.command else (),
            python=python,
            prepare=("python -m on_django.prepare" if django else "python prepare.py",),
            environment=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        name, value = ("DATABASE_PATH", "{db.path}") if self.on_sqlite else ("DATABASE_URL", "{db.url}")
        lacking = [HIDDEN.get(self.driver, ""), "" if self.command else WSGI.get(self.server, "")]
        return {name: value, "DRIVER": self.driver, "ABSENT": " ".join(lacking).strip()}


def rows() -> Sequence[Row]:
    """All of them, in the order of the table."""
    return (*_asgi(), *_wsgi(), *_django(), *_commands())


def _asgi() -> Iterator[Row]:
    awaiting = ("asyncpg", "psycopg async", "aiosqlite")
    mapped = tuple(f"sqlalchemy {driver}" for driver in awaiting)
    drivers = {
        "FastAPI": (*awaiting, *mapped, "psycopg", "psycopg2", "sqlite3", "sqlalchemy psycopg2"),
        "Starlette": (*awaiting, "sqlalchemy asyncpg"),
        "Litestar": (*awaiting, "sqlalchemy psycopg async"),
    }
    for framework, chosen in drivers.items():
        for driver in chosen:
            yield Row(framework=framework, driver=driver, server="uvicorn")


def _wsgi() -> Iterator[Row]:
    blocking = ("psycopg2", "psycopg", "sqlite3")
    for driver in (*blocking, *(f"sqlalchemy {driver}" for driver in blocking)):
        yield Row(framework="Flask", driver=driver, server="gunicorn")
    for driver, servers in (("psycopg2", list(WSGI)[1:]), ("sqlite3", ["waitress", "wsgiref"])):
        for server in servers:
            yield Row(framework="Flask", driver=driver, server=server)


def _django() -> Iterator[Row]:
    drivers = ("Django psycopg", "Django psycopg2", "Django sqlite3")
    for driver in drivers:
        yield Row(framework="Django WSGI", driver=driver, server="gunicorn")
    for server in list(WSGI)[1:]:
        yield Row(framework="Django WSGI", driver=drivers[0], server=server)
    for driver in drivers:
        yield Row(framework="Django ASGI", driver=driver, server="uvicorn")


UVICORN = "uvicorn --port 8000 --workers {workers}"
GUNICORN = "gunicorn --bind 127.0.0.1:8000 --no-control-socket --workers {workers}"
STARTED: tuple[tuple[str, str, str, Sequence[int]], ...] = (
    ("FastAPI", "asyncpg", UVICORN, (1, 2)),
    ("FastAPI", "sqlalchemy psycopg async", f"{GUNICORN} --worker-class uvicorn.workers.UvicornWorker", (1, 2)),
    ("Flask", "psycopg2", GUNICORN, (1, 2)),
    ("Flask", "sqlalchemy psycopg", "waitress-serve --listen 127.0.0.1:8000", (1,)),
    ("Django WSGI", "Django psycopg", f"{GUNICORN} --threads 2", (2,)),
    ("Django ASGI", "Django psycopg2", UVICORN, (1,)),
)
"""Framework, driver, command and its numbers of workers."""


def _commands() -> Iterator[Row]:
    for framework, driver, command, counts in STARTED:
        for workers in counts:
            yield Row(framework=framework, driver=driver, server=command.format(workers=workers), command=True)
