"""What is different between two copies of one database: net row changes, found by SQLite itself, table by table.

A row is known by its rowid, in a table without rowids by its primary key. The schema is told as rows of
`sqlite_schema`; counters and statistics of SQLite's own are no state.
"""

# Names cannot be parameters; each is quoted.
# ruff: noqa: S608

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hotfire.model.history import Row, RowChange

SCHEMA = "sqlite_schema"
_TABLES = """
    SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM {side}.sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""
_OBJECTS = "SELECT type || ' ' || name, type, name, tbl_name, sql FROM {side}.sqlite_master WHERE sql IS NOT NULL"
Value = None | int | float | str | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of one side: its name, its columns, what names its rows, and whether a row is found fast by that."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    keyed: bool


def differences(before: Path, after: Path, store: str) -> Iterator[RowChange]:
    """Net row changes from one copy to the other; a file that is not there has no table."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.text_factory = _text
        for side, path in (("old", before), ("new", after)):
            where = str(path) if path.exists() else ":memory:"
            connection.execute(f"ATTACH DATABASE ? AS {side}", (where,))
        old, new = tables(connection, "old"), tables(connection, "new")
        yield from _changes(store, SCHEMA, _objects(connection, "old"), _objects(connection, "new"))
        for name in sorted(old.keys() | new.keys()):
            gone, come = _rows(connection, "old", old.get(name), new), _rows(connection, "new", new.get(name), old)
            yield from _changes(store, name, gone, come)


def tables(connection: sqlite3.Connection, side: str) -> dict[str, Table]:
    """The tables of an attached database that can be read, by name."""
    found: dict[str, Table] = {}
    kinds = {name: kind for _, name, kind, *_ in connection.execute(f"PRAGMA {side}.table_list").fetchall()}
    for name, virtual in connection.execute(_TABLES.format(side=side)).fetchall():
        if kinds.get(name) == "shadow":  # how a virtual table, which is read itself, keeps its rows
            continue
        with contextlib.suppress(sqlite3.OperationalError):  # a virtual table whose module is the service's own
            connection.execute(f"SELECT * FROM {side}.{quoted(name)} LIMIT 1").fetchone()
            columns = connection.execute(f"PRAGMA {side}.table_xinfo({quoted(name)})").fetchall()
            names = tuple(column[1] for column in columns if column[6] != 1)
            keyed = sorted((column[5], column[1]) for column in columns if column[5])
            rowid = next((each for each in ("rowid", "_rowid_", "oid") if each not in map(str.lower, names)), "")
            key = (rowid,) if rowid and not _without_rowid(connection, side, name) else tuple(n for _, n in keyed)
            found[name] = Table(name=name, columns=names, key=key or names, keyed=bool(key) and not virtual)
    return found


def _without_rowid(connection: sqlite3.Connection, side: str, name: str) -> bool:
    try:
        connection.execute(f"SELECT rowid FROM {side}.{quoted(name)} LIMIT 0")
    except sqlite3.OperationalError:
        return True
    return False


def _rows(
    connection: sqlite3.Connection, side: str, table: Table | None, others: dict[str, Table]
) -> dict[tuple[Value, ...], Row]:
    """The rows of one side that the other has not, or has otherwise, by their keys."""
    if table is None:
        return {}
    wanted = [*table.key, *table.columns]
    query = f"SELECT {_listed(wanted)} FROM {side}.{quoted(table.name)}"
    if others.get(table.name) == table:
        query = _query(table, wanted, side, "old" if side == "new" else "new")
    width = len(table.key)
    return {
        tuple(values[:width]): dict(zip(table.columns, map(told, values[width:]), strict=True))
        for values in connection.execute(query)
    }


def _query(table: Table, wanted: list[str], side: str, other: str) -> str:
    """The rows that the other side has not: found there one by one by their key, else all sorted and compared."""
    here, there = f"{side}.{quoted(table.name)}", f"{other}.{quoted(table.name)}"
    if not table.keyed:
        exact = ", ".join(f"{quoted(name)} COLLATE BINARY" for name in wanted)
        return f"SELECT {exact} FROM {here} EXCEPT SELECT {_listed(wanted)} FROM {there}"
    found = [f"o.{quoted(name)} = n.{quoted(name)}" for name in table.key]
    same = [f"o.{quoted(name)} IS n.{quoted(name)} COLLATE BINARY" for name in table.columns]
    listed = ", ".join(f"n.{quoted(name)}" for name in wanted)
    lookup = f"SELECT 1 FROM {there} o WHERE {' AND '.join([*found, *same])}"
    return f"SELECT {listed} FROM {here} n WHERE NOT EXISTS ({lookup})"


def _objects(connection: sqlite3.Connection, side: str) -> dict[tuple[Value, ...], Row]:
    names = ("type", "name", "tbl_name", "sql")
    found = connection.execute(_OBJECTS.format(side=side)).fetchall()
    return {(key,): dict(zip(names, map(told, values), strict=True)) for key, *values in found}


def _changes(
    store: str, table: str, gone: dict[tuple[Value, ...], Row], come: dict[tuple[Value, ...], Row]
) -> Iterator[RowChange]:
    for key in dict.fromkeys([*gone, *come]):
        before, after = gone.get(key), come.get(key)
        if before != after:
            yield RowChange(store=store, table=table, before=before, after=after)


def _listed(names: list[str]) -> str:
    return ", ".join(map(quoted, names))


def told(value: Value) -> str | None:
    """A value as text: numbers as SQLite prints them, bytes in hexadecimal."""
    match value:
        case None | str():
            return value
        case bytes():
            return f"\\x{value.hex()}"
        case int() | float():
            return repr(value)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
