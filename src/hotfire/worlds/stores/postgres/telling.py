"""The change log as the rest of hotfire is told it: net row changes and writes, in names and the server's own text.

Pure: lines of the log in, values of the model out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotfire.model.history import Row, RowChange
from hotfire.model.store import Changes, Write
from hotfire.worlds.stores.postgres.lives import Entry
from hotfire.worlds.stores.postgres.rows import Fate

_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*))(?:,|\)\Z)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is told: its name (a partition's is the whole's), its columns, and which of them are virtual."""

    name: str
    columns: tuple[str, ...]
    virtual: frozenset[str] = frozenset()


def told(fates: Iterable[Fate], log: Iterable[Entry], tables: Mapping[int, Table], store: str) -> Changes:
    """Row changes by table and then in their order, and each write in its order. DDL is a write of operation "ddl"."""
    rows = [_change(fate, tables[fate.relation], store) for fate in fates if fate.before != fate.after]
    writes = tuple(_write(entry, tables) for entry in log if entry.operation != "emptied")
    return Changes(rows=tuple(sorted(rows, key=lambda change: change.table)), writes=writes)


def _change(fate: Fate, table: Table, store: str) -> RowChange:
    return RowChange(store=store, table=table.name, before=_row(fate.before, table), after=_row(fate.after, table))


def _write(entry: Entry, tables: Mapping[int, Table]) -> Write:
    return Write(
        connection=entry.connection,
        transaction=entry.transaction,
        table=(entry.new_row or "") if entry.operation == "ddl" else tables[entry.relation].name,
        operation=entry.operation,
        instant=entry.instant,
    )


def _row(text: str | None, table: Table) -> Row | None:
    if text is None:
        return None
    fields = zip(table.columns, split_row(text, len(table.columns)), strict=True)
    return {name: value for name, value in fields if name not in table.virtual}


def split_row(text: str, count: int) -> list[str | None]:
    """The `count` fields of a row's text, each as the server's own text of it (PostgreSQL manual, 8.16.6)."""
    if count == 0:
        return []
    if '"' not in text:
        return [field or None for field in text[1:-1].split(",")]
    return [
        quoted.replace('""', '"').replace("\\\\", "\\") if (quoted := match[1]) is not None else match[2] or None
        for match in _FIELD.finditer(text, 1)
    ]
