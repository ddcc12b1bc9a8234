"""Columns in which no two rows may have the same, and values that another row has there: asked of the stores."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hotfire.model.history import Row, RowChange
from hotfire.model.store import Keyed, Store


class _Place(NamedTuple):
    """A column of a key, and what the key's other columns hold in the row that was written."""

    table: str
    column: str
    like: Row


async def keys_of(stores: Mapping[str, Store]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The columns of each key, the primary one first (() where there is none), by "store.table"."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, store in stores.items():
        if isinstance(store, Keyed):
            found |= {f"{name}.{table}": tuple(keys) for table, keys in (await store.keys()).items()}
    return found


async def taken(stores: Mapping[str, Store], written: Sequence[RowChange]) -> dict[str, str]:
    """Such a value for each column of a key that these rows set, by "store.table.column".

    Of a key of several columns, it is of a row that agrees with the written one in the others.
    """
    found: dict[str, str] = {}
    for name, store in stores.items():
        rows = [change for change in written if change.store == name and change.after]
        if rows and isinstance(store, Keyed):
            for place in _places(rows, await store.keys()):
                called, own = f"{name}.{place.table}.{place.column}", _own(rows, place)
                value = None if called in found else await store.held(*place, own)
                if value is not None:
                    found[called] = value
    return found


def _places(rows: Sequence[RowChange], keys: Mapping[str, Sequence[tuple[str, ...]]]) -> Iterator[_Place]:
    """What is NULL in one of a key's columns is the same as nothing else."""
    for change in rows:
        row = change.after or {}
        for key in keys.get(change.table, ()):
            for column in filter(change.sets, key):
                like = {each: row.get(each) for each in key if each != column}
                if None not in like.values():
                    yield _Place(change.table, column, like)


def _own(rows: Sequence[RowChange], place: _Place) -> list[str]:
    """What the written rows themselves have there, or had."""
    told = [row for each in rows if each.table == place.table for row in (each.before, each.after) if row]
    return list(dict.fromkeys(value for row in told if (value := row.get(place.column)) is not None))
