"""What broke behind an answer: the exception that the service logged, and whose code it came from.

What fails with no line of the service's own at work may still be the service's: a view that a framework makes of a
model, a commit behind the answer. So a failure that came as far as a database, a cache, files or another server is no
framework's that could not read a request.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from hotfire.loglines import records_of
from hotfire.loglines.frames import Frame, files_of, own_frames
from hotfire.loglines.tracebacks import failure_of
from hotfire.model.history import History, Reply

TRACEBACK = "Traceback (most recent call last)"
_CLIENTS = (
    *("sqlalchemy", "advanced_alchemy", "tortoise", "peewee", "piccolo", "pony", "mongoengine", "beanie", "asyncpg"),
    *(r"psycopg\w*", "sqlite3", "aiosqlite", "pymysql", "aiomysql", "asyncmy", "MySQLdb", "oracledb", "pyodbc"),
    *("pymongo", "motor", "redis", "valkey", "storages", "boto3", "botocore", "httpx", "requests", "smtplib"),
    *(r"django[/\\]db", r"django[/\\]core[/\\](?:cache|mail|files[/\\]storage)"),
    r"django[/\\]contrib[/\\]sessions[/\\]backends",
)
_CLIENT = re.compile(rf"(?:(?:site|dist)-packages|[/\\]python\d[\d.]*)[/\\](?:{'|'.join(_CLIENTS)})(?:[/\\]|\.py)")
_OF_DATABASES = {
    *("DataError", "DatabaseError", "DBAPIError", "IntegrityError", "InterfaceError", "InternalError"),
    *("NotSupportedError", "OperationalError", "ProgrammingError", "StatementError"),
}
"""The exceptions of PEP 249, and SQLAlchemy's around them: a driver in C has no frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One failure. `exception` is its last line, "" where nobody told it; `frames` are the service's own.

    `behind`: it came as far as what stands behind the service (a database, a cache, files, another server).

    Two requests with the same exception's kind and the same frames failed at the same line: they have one cause.
    """

    exception: str = ""
    frames: tuple[Frame, ...] = ()
    behind: bool = False

    @property
    def told(self) -> bool:
        """Whether there is a traceback."""
        return bool(self.exception)

    @property
    def by_library(self) -> bool:
        """Whether a framework failed by itself: with no line of the service's own, nor anything that stands behind."""
        return self.told and not self.frames and not self.behind

    @property
    def kind(self) -> str:
        """The exception's class, without its module: `DataError`."""
        return self.exception.split(":", 1)[0].rsplit(".", 1)[-1].strip()

    @property
    def place(self) -> str:
        """The innermost function of the service's own, and the exception: `orders.create DataError`."""
        return f"{self.frames[-1].place} {self.kind}" if self.frames else self.kind


def breakdown_of(history: History, reply: Reply, packages: Collection[str] = ()) -> Breakdown:
    """The failure behind an answer: as the log tells it, else as the answer shows it. `packages` are the service's own.

    See `own_frames`.
    """
    failures = [record for record in records_of(history.logs) if record.failure and record.failure.exception]
    for record in reversed(failures):
        return _told(record.failure.exception if record.failure else "", record.text, packages)
    if TRACEBACK in reply.body:
        return _told(failure_of(reply.body.splitlines()).exception or "an exception", reply.body, packages)
    return Breakdown()


def _told(exception: str, text: str, packages: Collection[str]) -> Breakdown:
    told = Breakdown(exception=exception, frames=own_frames(text, packages))
    behind = told.kind in _OF_DATABASES or any(_CLIENT.search(file) for file in files_of(text))
    return replace(told, behind=behind)
