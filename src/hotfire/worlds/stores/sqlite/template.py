"""The file that each world's is copied from: the user's prepared state, its ids counted, its counters moved apart."""

# Names cannot be parameters; each is quoted.
# ruff: noqa: S608

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from hotfire.worlds.stores.postgres.sequences import Sequence, spread
from hotfire.worlds.stores.sqlite import files
from hotfire.worlds.stores.sqlite.counting import counting
from hotfire.worlds.stores.sqlite.difference import Table, quoted, tables

_COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' ORDER BY name"
_FACTS = ("table_xinfo", "index_list", "foreign_key_list")


def make_template(prepared: Path, template: Path, first: int = 1) -> None:
    """Copy what `prepare` left; have its ids counted, each in a range of its own from number `first` on."""
    files.keep(prepared, template)
    if not template.exists():
        return
    count_ids(template)
    with contextlib.closing(sqlite3.connect(template, isolation_level=None)) as connection:
        found = counters(connection)
        names = dict(enumerate(found))
        sequences = [
            Sequence(oid=oid, name=name, last=found[name], increment=1, least=1, limit=2**62)
            for oid, name in names.items()
        ]
        move(connection, {names[oid]: last for oid, last in spread(sequences, first).items()})


def count_ids(file: Path) -> None:
    """Make each plain INTEGER PRIMARY KEY an AUTOINCREMENT; all is left as it was where SQLite finds fault with it."""
    trial = file.with_suffix(".counted")
    files.put_back(file, trial)
    try:
        with contextlib.closing(sqlite3.connect(trial, isolation_level=None)) as connection:
            before, wanted = _facts(connection), dict(_uncounted(connection))
            if wanted:
                _declare(connection, wanted)
        with contextlib.closing(sqlite3.connect(trial, isolation_level=None)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            same = _facts(connection) == before
        if sound and same:
            files.put_back(trial, file)
    except sqlite3.DatabaseError:
        pass  # a schema that this SQLite does not read: the ids stay as they are
    finally:
        files.remove(trial)


def _declare(connection: sqlite3.Connection, wanted: Mapping[str, str]) -> None:
    """Write the declarations into the schema, as ALTER TABLE itself does."""
    scratch = "hotfire_counts"  # makes sqlite_sequence, which stays
    connection.execute(f"CREATE TABLE {scratch} (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    connection.execute(f"DROP TABLE {scratch}")
    (version,) = connection.execute("PRAGMA schema_version").fetchone()
    connection.execute("PRAGMA writable_schema = ON")
    for table, declaration in wanted.items():
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (declaration, table))
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = OFF")


def _uncounted(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Tables whose ids SQLite gives without counting, and how they would be declared if it counted."""
    counted = set(counters(connection))
    for name, table in tables(connection, "main").items():
        keys = [column for column in _fact(connection, "table_xinfo", name) if column[5]]
        own = any(index[3] == "pk" for index in _fact(connection, "index_list", name))  # then it is no rowid
        (sql,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
        ).fetchone()
        plain = len(keys) == 1 and str(keys[0][2]).upper() == "INTEGER" and not own and _has_rowid(table)
        if plain and name not in counted and (declaration := counting(sql, str(keys[0][1]))):
            yield name, declaration


def _has_rowid(table: Table) -> bool:
    return table.key in {("rowid",), ("_rowid_",), ("oid",)} and table.key[0] not in table.columns


def _facts(connection: sqlite3.Connection) -> list[object]:
    """What SQLite understands of every table."""
    return [(name, *(_fact(connection, fact, name) for fact in _FACTS)) for name in tables(connection, "main")]


def _fact(connection: sqlite3.Connection, fact: str, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"PRAGMA main.{fact}({quoted(table)})").fetchall()


def counters(connection: sqlite3.Connection) -> dict[str, int]:
    """Where each AUTOINCREMENT table stands; 0 before its first row."""
    counted = [name for (name,) in connection.execute(_COUNTED)]
    if not counted:
        return {}
    standing = {str(name): int(last or 0) for name, last in connection.execute("SELECT name, seq FROM sqlite_sequence")}
    return {name: max(standing.get(name, 0), _highest(connection, name)) for name in counted}


def _highest(connection: sqlite3.Connection, table: str) -> int:
    (highest,) = connection.execute(f"SELECT max(rowid) FROM {quoted(table)}").fetchone()
    return int(highest or 0)


def move(connection: sqlite3.Connection, lasts: Mapping[str, int]) -> None:
    """Let the next numbers of these tables follow the given ones."""
    for table, last in lasts.items():
        moved = connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table)).rowcount
        if not moved:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
