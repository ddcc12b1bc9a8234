"""The keys of a file's tables, and values that rows have in them."""

# Names cannot be parameters; each is quoted.
# ruff: noqa: S608

import re
import sqlite3
from collections.abc import Collection

from hotfire.model.history import Row
from hotfire.worlds.stores.sqlite.difference import quoted, tables, told

_DEFINITION = "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND name = ?"


def keys(connection: sqlite3.Connection) -> dict[str, list[tuple[str, ...]]]:
    """The columns of each table's keys, the primary key first, () where there is none, then the unique indexes.

    Of an expression, the columns that it names.
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for name, table in tables(connection, "main").items():
        columns = connection.execute(f"PRAGMA main.table_xinfo({quoted(name)})").fetchall()
        indexes = connection.execute(f"PRAGMA main.index_list({quoted(name)})").fetchall()
        primary = tuple(column[1] for column in columns if column[5])
        unique = [_named(connection, index[1], table.columns) for index in indexes if index[2]]
        found[name] = [primary, *(key for key in dict.fromkeys(unique) if key and key != primary)]
    return found


def _named(connection: sqlite3.Connection, index: str, columns: Collection[str]) -> tuple[str, ...]:
    named = [each[2] for each in connection.execute(f"PRAGMA main.index_info({quoted(index)})").fetchall()]
    if None not in named:
        return tuple(named)
    (definition,) = connection.execute(_DEFINITION, (index,)).fetchone()
    words = set(re.findall(r"\w+", definition.partition("(")[2].lower()))
    return tuple(each for each in columns if each.lower() in words)


def held(connection: sqlite3.Connection, table: str, column: str, like: Row, besides: Collection[str]) -> str | None:
    """The first value of a column that is none of `besides`, among rows like that."""
    value = quoted(column)
    agrees = "".join(f" AND CAST({quoted(name)} AS TEXT) = ?" for name in like)
    others = ", ".join("?" * len(besides))
    query = (
        f"SELECT {value} FROM main.{quoted(table)} WHERE {value} IS NOT NULL AND {value} <> '' "
        f"AND CAST({value} AS TEXT) NOT IN ({others}){agrees} ORDER BY {value} LIMIT 1"
    )
    found = connection.execute(query, (*besides, *like.values())).fetchone()
    return told(found[0]) if found else None
