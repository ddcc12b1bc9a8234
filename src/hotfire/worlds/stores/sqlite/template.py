"""The file that each world's is copied from: the user's prepared state, its counters moved apart."""

import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from hotfire.worlds.stores.postgres.sequences import Sequence, spread
from hotfire.worlds.stores.sqlite import files

_COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' ORDER BY name"


def make_template(prepared: Path, template: Path) -> None:
    """Copy what `prepare` left, and move each AUTOINCREMENT counter to a range of its own."""
    files.keep(prepared, template)
    if not template.exists():
        return
    with contextlib.closing(sqlite3.connect(template, isolation_level=None)) as connection:
        found = counters(connection)
        names = dict(enumerate(found))
        sequences = [
            Sequence(oid=oid, name=name, last=found[name], increment=1, least=1, limit=2**62)
            for oid, name in names.items()
        ]
        move(connection, {names[oid]: last for oid, last in spread(sequences).items()})


def counters(connection: sqlite3.Connection) -> dict[str, int]:
    """Where each AUTOINCREMENT table stands; 0 before its first row."""
    counted = [name for (name,) in connection.execute(_COUNTED)]
    if not counted:
        return {}
    standing = {str(name): int(last or 0) for name, last in connection.execute("SELECT name, seq FROM sqlite_sequence")}
    return {name: standing.get(name, 0) for name in counted}


def move(connection: sqlite3.Connection, lasts: Mapping[str, int]) -> None:
    """Let the next numbers of these tables follow the given ones."""
    for table, last in lasts.items():
        moved = connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table)).rowcount
        if not moved:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
