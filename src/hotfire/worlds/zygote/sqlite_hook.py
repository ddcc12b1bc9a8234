"""The border in front of SQLite: a hook in the service's own Python, since the database is a library inside of it.

A file of the standard library, Python 3.8 and newer. The zygote loads it before the application is imported. It puts
tapped classes in the place of `sqlite3.Connection`, `sqlite3.Cursor` and `sqlite3.connect`, so that what an application
derives from them, or gives as a factory, is tapped too. Files other than the test's own pass untouched.

Before each statement the thread that executes it asks the world and waits for the answer: it is let go, held, told to
fail, or killed; afterwards it tells what came of it, and waits where the world wants to hold the reply. The line to the
world (hook_line.py) is one for each connection to the file.

What a statement may write is told by SQLite itself (its authorizer), how many rows it did write by `total_changes`.
"""

from __future__ import annotations

import functools
import os
import re
import sqlite3
import sys
import threading
from sqlite3 import Connection as RealConnection
from sqlite3 import Cursor as RealCursor
from sqlite3 import connect as real_connect
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple
from urllib.parse import unquote, urlsplit

PREFIX = "HOTFIRE_SQLITE_"  # and the world's port: the file behind it
FILES: Dict[str, int] = {}
MIXED: Dict[type, type] = {}
WRITES = {18: "insert", 23: "update", 9: "delete"}  # sqlite3.h: SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE
SCHEMA = re.compile(r"\s*(?:CREATE|ALTER|DROP)\b", re.IGNORECASE)
REMEMBERED = 1000
Message = Dict[str, Any]
Line: Any = sys.modules["hotfire_hook_line"].Line  # the zygote has loaded it

# ── Between a connection and its file ─────────────────────────────────────────────────────────────────────────────


class Tap:
    """What stands between one connection and the file."""

    def __init__(self, connection: Any, port: int) -> None:
        self.line = Line(port, sqlite3.OperationalError)
        self.line.reach()  # at once: an open connection cannot be forked, and is known by its open line
        self.lock = threading.RLock()  # a connection may be shared by threads; what is asked and told stays together
        self.depth = 0
        self.wishes: Optional[Callable[..., int]] = None  # the application's own authorizer
        self.seen: Optional[Dict[Tuple[str, str], None]] = None  # what is compiled now may write; None: nothing was
        self.known: Dict[str, List[Tuple[str, str]]] = {}
        RealConnection.set_authorizer(connection, self.authorize)

    def authorize(self, action: int, table: Any, other: Any, database: Any, trigger: Any) -> int:
        """Note what the statement that is being compiled may write, and let the application decide."""
        if action in WRITES:
            self.seen = {} if self.seen is None else self.seen
            if database == "main" and not str(table).startswith("sqlite_"):
                self.seen[WRITES[action], table] = None
        return 0 if self.wishes is None else self.wishes(action, table, other, database, trigger)

    def around(self, connection: Any, text: Any, work: Callable[[], Any]) -> Any:
        """Ask the world, do the work, tell what came of it. Inside of a function that SQL has called, only do it."""
        with self.lock:
            if self.depth or not isinstance(text, str):
                return work()
            self.depth += 1
            try:
                return self.crossed(connection, text, work)
            finally:
                self.depth -= 1

    def crossed(self, connection: Any, text: str, work: Callable[[], Any]) -> Any:
        """As `around`, for a statement of its own."""
        changes, version = connection.total_changes, schema_version(connection, text)
        answer = self.line.ask({"say": "call", "text": text, "open": connection.in_transaction})
        refuse(answer)
        self.seen = None
        said: Message = {"say": "done", "outcome": "ok", "detail": ""}
        try:
            result = work()
        except Exception as problem:
            said.update(outcome="error", detail="%s: %s" % (type(problem).__name__, problem))
            self.told(connection, answer, said, changes, [])
            raise
        writes = self.written(text)
        if text not in self.known and connection.total_changes != changes:
            writes = [("change", "rows")]  # compiled before, for another text of the application's own class
        if schema_version(connection, text) != version:
            writes, changes = [*writes, ("alter", "sqlite_schema")], changes - 1
        self.told(connection, answer, said, changes, writes)
        return result

    def told(
        self, connection: Any, answer: Message, said: Message, changes: int, writes: List[Tuple[str, str]]
    ) -> None:
        """Tell the outcome; wait where the world may hold it, and fail where it says so."""
        changed = connection.total_changes - changes
        said.update(open=connection.in_transaction, changed=changed, writes=writes if changed else [])
        self.line.tell(said)
        if answer.get("wait"):
            refuse(self.line.hear())

    def written(self, text: str) -> List[Tuple[str, str]]:
        """What the statement may have written; one that was compiled before is remembered."""
        if self.seen is not None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[text] = list(self.seen)
        return self.known.get(text, [])


def refuse(answer: Message) -> None:
    """Raise what the world wants to be raised."""
    if answer.get("fail"):
        raise sqlite3.OperationalError(answer["fail"])


def schema_version(connection: Any, text: str) -> int:
    """The number that each change of the schema raises; asked only around what may be one."""
    if not SCHEMA.match(text):
        return 0
    cursor = RealCursor(connection)
    cursor.row_factory = None
    return int(cursor.execute("PRAGMA main.schema_version").fetchone()[0])


# ── What stands in the place of sqlite3's ─────────────────────────────────────────────────────────────────────────


def unheld(method: Callable[..., Any]) -> Callable[..., Any]:
    """What fails leaves no frame of ours in its traceback: the cursor in it would, on Python 3.11, hold a lock."""

    @functools.wraps(method)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except BaseException as problem:  # noqa: BLE001  # it is raised again, without our frames
            del self, args, options
            raise problem.with_traceback(None)  # noqa: B904  # likewise: it has no other cause

    return call


class Connection(RealConnection):
    """`sqlite3.Connection`, tapped where it opens the test's own file."""

    hotfire_tap: Optional[Tap] = None

    def __init__(self, database: Any, *args: Any, **options: Any) -> None:
        super().__init__(database, *args, **options)
        port = port_of(database)
        if port:
            self.hotfire_tap = Tap(self, port)

    def cursor(self, *args: Any, **options: Any) -> Any:
        """A tapped cursor, whatever class or function the application makes it with."""
        factory = options["factory"] if "factory" in options else args[0] if args else Cursor
        return super().cursor(tapped(factory, RealCursor, Cursor))

    @unheld
    def execute(self, *args: Any) -> Any:
        """A cursor's; sqlite3's own would make the cursor past the method above."""
        return self.cursor().execute(*args)

    @unheld
    def executemany(self, *args: Any) -> Any:
        """Likewise."""
        return self.cursor().executemany(*args)

    @unheld
    def executescript(self, *args: Any) -> Any:
        """Likewise."""
        return self.cursor().executescript(*args)

    @unheld
    def commit(self) -> None:
        """COMMIT, where there is something to commit."""
        self.hotfire_end("COMMIT", super().commit)

    @unheld
    def rollback(self) -> None:
        """ROLLBACK, where there is something to undo."""
        self.hotfire_end("ROLLBACK", super().rollback)

    def hotfire_end(self, text: str, work: Callable[[], Any]) -> None:
        """End a transaction; with `autocommit = True` these methods do nothing."""
        if self.hotfire_tap is None or getattr(self, "autocommit", None) is True or not self.in_transaction:
            work()
        else:
            self.hotfire_tap.around(self, text, work)

    @unheld
    def __exit__(self, kind: Any, problem: Any, trace: Any) -> Any:  # noqa: PYI036  # it only passes them on
        if self.hotfire_tap is None:
            return super().__exit__(kind, problem, trace)
        if kind is not None:
            self.rollback()
            return False
        try:
            self.commit()
        except BaseException:
            self.rollback()
            raise
        return False

    def close(self) -> None:
        """Close both."""
        super().close()
        if self.hotfire_tap is not None:
            self.hotfire_tap.line.close()

    def set_authorizer(self, *args: Any, **options: Any) -> None:
        """The application's own authorizer is asked after ours."""
        wishes = next(iter([*args, *options.values()]), None)
        if self.hotfire_tap is None:
            super().set_authorizer(wishes)  # its name differs between versions of Python
        else:
            self.hotfire_tap.wishes = wishes


class Cursor(RealCursor):
    """`sqlite3.Cursor`, tapped where its connection is."""

    hotfire_rows: Optional[List[Any]] = None

    @unheld
    def execute(self, *args: Any) -> Any:
        """One statement."""
        tap = tap_of(self)
        if tap is None:
            return super().execute(*args)
        self.hotfire_rows = None
        text, run, everything = args[0] if args else None, super().execute, super().fetchall

        def work() -> Any:
            result = run(*args)
            if self.description and isinstance(text, str) and tap.written(text):
                self.hotfire_rows = everything()  # a write with RETURNING is done when its last row is taken
            return result

        return tap.around(self.connection, text, work)

    @unheld
    def executemany(self, *args: Any) -> Any:
        """One statement many times."""
        tap = tap_of(self)
        self.hotfire_rows = None
        work = functools.partial(super().executemany, *args)
        return work() if tap is None else tap.around(self.connection, args[0] if args else None, work)

    @unheld
    def executescript(self, *args: Any) -> Any:
        """Many statements: each is asked and told by itself, as each may be a transaction of its own."""
        if tap_of(self) is None or not args or not isinstance(args[0], str):
            return super().executescript(*args)
        connection: Any = self.connection
        legacy = getattr(connection, "autocommit", -1) == -1
        level = connection.isolation_level
        if legacy:
            connection.commit()
            connection.isolation_level = None  # a script begins no transaction by itself
        try:
            for statement in statements(args[0]):
                self.execute(statement)
                self.fetchall()
        finally:
            if legacy:
                connection.isolation_level = level
        return self

    def fetchone(self) -> Any:
        """The next row."""
        if self.hotfire_rows is None:
            return super().fetchone()
        return self.hotfire_rows.pop(0) if self.hotfire_rows else None

    def fetchmany(self, *args: Any, **options: Any) -> Any:
        """The next rows."""
        if self.hotfire_rows is None:
            return super().fetchmany(*args, **options)
        size = next(iter([*args, *options.values()]), self.arraysize)
        rows, self.hotfire_rows = self.hotfire_rows[:size], self.hotfire_rows[size:]
        return rows

    def fetchall(self) -> Any:
        """All rows that are left."""
        if self.hotfire_rows is None:
            return super().fetchall()
        rows, self.hotfire_rows = self.hotfire_rows, []
        return rows

    def __next__(self) -> Any:
        if self.hotfire_rows is None:
            return super().__next__()
        if not self.hotfire_rows:
            raise StopIteration
        return self.hotfire_rows.pop(0)


def ending(name: str, ends: Callable[[Any], bool]) -> property:
    """The attribute of this name; where setting it commits what is open, that is a COMMIT like any other."""
    real = getattr(RealConnection, name)

    def write(connection: Any, value: Any) -> None:
        tap, work = connection.hotfire_tap, functools.partial(real.__set__, connection, value)
        if tap is None or not ends(value) or not connection.in_transaction:
            work()
        else:
            tap.around(connection, "COMMIT", work)

    return property(real.__get__, write)


# ── Where they meet the application ───────────────────────────────────────────────────────────────────────────────


def tap_of(cursor: Any) -> Optional[Tap]:
    """The tap of a cursor's connection; a cursor that was not initialised has none."""
    try:
        return getattr(cursor.connection, "hotfire_tap", None)
    except (AttributeError, sqlite3.Error):
        return None


def mixed(kind: Any, tap: type) -> type:
    """A class of the application's that was derived before us, with our methods before its own."""
    if kind not in MIXED:
        MIXED[kind] = type(kind.__name__, (tap, kind), {})
    return MIXED[kind]


def tapped(factory: Any, real: type, tap: type) -> Any:
    """What makes tapped objects in place of `factory`, which is a class or any function."""
    if not isinstance(factory, type):
        return lambda *args, **options: adopted(factory(*args, **options), real, tap, args)
    if issubclass(factory, tap) or not issubclass(factory, real):
        return factory
    return tap if factory is real else mixed(factory, tap)


def adopted(made: Any, real: type, tap: type, args: Tuple[Any, ...]) -> Any:
    """What a function made, tapped."""
    if isinstance(made, tap) or not isinstance(made, real):
        return made
    if type(made) is real:
        return tap(*args)
    made.__class__ = mixed(type(made), tap)
    return made


def port_of(database: Any) -> int:
    """The world's port behind which this file lies; 0 for any other file."""
    try:
        text = os.fsdecode(database)
    except TypeError:
        return 0
    if text.startswith("file:"):
        text = unquote(urlsplit(text).path)
    return FILES.get(os.path.realpath(text), 0)


def statements(script: str) -> Iterator[str]:
    """The statements of a script, cut where SQLite says that one is complete."""
    begun = 0
    for found in re.finditer(";", script):
        piece = script[begun : found.end()]
        if sqlite3.complete_statement(piece):
            begun = found.end()
            if piece.strip(" \t\r\n;"):
                yield piece
    if script[begun:].strip():
        yield script[begun:]


def connect(database: Any, *args: Any, **options: Any) -> Any:
    """`sqlite3.connect`, with a tapped class in front of whatever factory the application gives."""
    if len(args) > 4:
        args = (*args[:4], tapped(args[4], RealConnection, Connection), *args[5:])
    else:
        options["factory"] = tapped(options.get("factory", Connection), RealConnection, Connection)
    return real_connect(database, *args, **options)


def install(environment: Mapping[str, str]) -> None:
    """Put ours in the place of sqlite3's; the world says in the environment which file lies behind which port."""
    for name, path in environment.items():
        if name.startswith(PREFIX):
            FILES[os.path.realpath(path)] = int(name[len(PREFIX) :])
    ours: Any = Connection
    ours.isolation_level = ending("isolation_level", lambda value: value is None)
    if hasattr(RealConnection, "autocommit"):  # since 3.12
        ours.autocommit = ending("autocommit", lambda value: value is True)
    for module in (sqlite3, sqlite3.dbapi2):
        for name, new in (("connect", connect), ("Connection", Connection), ("Cursor", Cursor)):
            setattr(module, name, new)


install(os.environ)
