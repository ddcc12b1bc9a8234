"""Which rows an undo has put back: they were deleted, and are there again with what is generated made anew.

What stands on both sides is the same in both. Of what stands on one side only, this may be in place of what was before:

    the row's own id           the one column of its primary key: a number of a sequence, or a UUID
    a reference                to a row that is back itself, under that other id
    a text                     that is made with the row's own id ("T-12"), with that other id
    a moment                   that was noted, as the caller tells; in JSON and in a signature, too
    a token                    in a column whose values are generated, as the oracle learned, and stand in no other

Anything else is another row; or the same one, changed, where at least half of it is as it was. But nobody can tell
whether a UUID elsewhere, a number of another key, an id that is a text, or a hash was made up or is wrong: where
nothing else differs, a row may be back, and these columns are in doubt.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from hotfire.equality import Oracle
from hotfire.equality.reading import INTEGER, instant, is_long, is_signed, is_single
from hotfire.equality.record import parsed
from hotfire.model.history import Row, RowChange

Table = tuple[str, str]
"""The names of a store and of a table in it."""

Kind = tuple[str, Hashable]
"""What a cell is, as far as rows are compared: ("is", "ann"), ("new", "moment"), ("row", …)."""

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_TOKEN = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{16,500}\Z")  # a digest, a salted hash; not what a person calls a thing
_LARGE = 40_000  # pairs to weigh; above, rows are told as gone and new
_DEPTH = 6  # rows that are told apart by those that they refer to, and so on


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of columns, named "table.column".

    `keys` are those of the baseline; `generated` are columns with generated values, `own` those of them whose values
    stand in no other. `no_state` are tables and columns that do not count. `noted`: whether, in a column, a moment was
    noted in place of another.
    """

    keys: Mapping[str, Sequence[tuple[str, ...]]]
    generated: Collection[str]
    own: Collection[str]
    no_state: Collection[str]
    noted: Callable[[str, str | None, str | None], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What an undo left but for rows that are back; of the `doubtful` columns nobody knows whether they are."""

    rows: tuple[RowChange, ...]
    doubtful: tuple[str, ...] = ()


def left_of(changes: Sequence[RowChange], ended: Sequence[RowChange], known: Known) -> Left:
    """What is left of these changes; `ended` are those that the path itself had left, before its undo."""
    counted = [_counted(change, known.no_state) for change in changes]
    surely, perhaps = _Undone(counted, known, sure=True), _Undone(counted, known, sure=False)
    back = surely.back({})
    unsure = perhaps.back(back)
    doubtful = {name for pair in unsure.items() for name in surely.doubts(*pair)}
    back |= unsure
    changed = perhaps.alike(back)
    pairs = {**back, **changed}
    rows = [perhaps.as_changed(*pair, pairs) for pair in changed.items()]
    for place in range(len(counted)):
        if place not in pairs and place not in pairs.values():
            row, names = _without_tokens(perhaps.with_references(place, pairs), ended, known)
            rows.append(row)
            doubtful |= names
    kept = {change.table for change in counted if set(_spelled(change)) & set(known.no_state)}
    told = sorted(name for name in doubtful if name.rpartition(".")[0] not in kept)
    return Left(rows=tuple(rows), doubtful=tuple(told))


def own_columns(oracle: Oracle) -> frozenset[str]:
    """The columns whose generated values are too long to be equal by chance, and stand in no other column of a run."""
    places: dict[Hashable, set[str]] = defaultdict(set)
    for vertex in oracle.clean[0].vertices if oracle.clean else ():
        for index, node in vertex.nodes:
            places[node].add(vertex.record.cells[index].column if index >= 0 else "")
    shared = {name for names in places.values() if len(names) > 1 for name in names}
    values = {name for name, column in oracle.noise.columns.items() if column.reads == "value" and column.long}
    return frozenset(values - shared)


def _spelled(change: RowChange) -> tuple[str, str, str]:
    """A row's table as it may be written."""
    return change.table, f"{change.store}.{change.table}", change.table.rpartition(".")[2]


def _counted(change: RowChange, no_state: Collection[str]) -> RowChange:
    """A change without the columns that do not count."""
    tables = _spelled(change)

    def counted(row: Row | None) -> Row | None:
        if row is None:
            return None
        return {name: row[name] for name in row if not any(f"{table}.{name}" in no_state for table in tables)}

    return replace(change, before=counted(change.before), after=counted(change.after))


def _without_tokens(change: RowChange, ended: Sequence[RowChange], known: Known) -> tuple[RowChange, set[str]]:
    """A row without hashes and versions that are neither those of before nor what the path left; and their columns."""
    before, after = change.before, change.after
    if before is None or after is None:
        return change, set()
    renewed = {
        column: before[column]
        for column, value in after.items()
        if f"{change.table}.{column}" in known.generated
        and None not in {value, before.get(column)}
        and value != before[column]
        and _TOKEN.match(value or "")
        and all((each.after or {}).get(column) != value for each in ended if each.table == change.table)
    }
    return replace(change, after={**after, **renewed}), {f"{change.table}.{column}" for column in renewed}


class _Side:
    """The rows that are gone, or those that are there, by place among the changes; their values, and their ids."""

    def __init__(self, rows: Mapping[int, tuple[Table, Row]], ids: Mapping[Table, str]) -> None:
        self.rows = rows
        self.values: dict[tuple[Table, str], set[str | None]] = defaultdict(set)
        self.ids: dict[Table, dict[str | None, int]] = defaultdict(dict)
        for place, (table, row) in rows.items():
            for column, value in row.items():
                self.values[table, column].add(value)
            if table in ids:
                self.ids[table][row.get(ids[table])] = place


class _Cell(NamedTuple):
    """A value of a row that was there (`then`), or of one that is there now."""

    then: bool
    table: Table
    column: str
    value: str | None


class _Undone:
    """The changes that an undo left, as rows that are gone and rows that are there.

    They are compared by what is surely made anew, or by what may be (`sure` is false).
    """

    def __init__(self, changes: Sequence[RowChange], known: Known, *, sure: bool) -> None:
        self._changes = changes
        self._known = known
        self._sure = sure
        tables = dict.fromkeys(map(_table, changes))
        self._keys = {table: known.keys.get(".".join(table), ()) for table in tables}
        ids = {table: keys[0][0] for table, keys in self._keys.items() if keys and len(keys[0]) == 1}
        gone = {place: (_table(each), each.before or {}) for place, each in enumerate(changes) if each.after is None}
        there = {place: (_table(each), each.after or {}) for place, each in enumerate(changes) if each.before is None}
        self._gone, self._there = _Side(gone, ids), _Side(there, ids)
        self._ids = ids
        self._targets = self._referring()
        self._signatures: dict[tuple[int, int], int] = {}

    def back(self, besides: Mapping[int, int]) -> dict[int, int]:
        """The rows that are gone, each with the one that is there in its place; `besides` are found already."""
        waiting: dict[int, list[int]] = defaultdict(list)
        for place in reversed([place for place in self._there.rows if place not in besides.values()]):
            waiting[self._signature(place, _DEPTH)].append(place)
        found = {}
        for place in self._gone.rows:
            if place not in besides and (alike := waiting[self._signature(place, _DEPTH)]):
                found[place] = alike.pop()
        return found

    def alike(self, besides: Mapping[int, int]) -> dict[int, int]:
        """Of the other rows that are gone, each with one that is there and is like it: the same, but changed."""
        gone = [place for place in self._gone.rows if place not in besides]
        there = [place for place in self._there.rows if place not in besides.values()]
        if len(gone) * len(there) > _LARGE:
            return {}
        kinds = {place: dict(self._kinds(place, _DEPTH)) for place in (*gone, *there)}
        tables = {place: _table(self._changes[place]) for place in kinds}
        weighed = [
            (-_likeness(kinds[one], kinds[other]), one, other)
            for one in gone
            for other in there
            if tables[one] == tables[other]
        ]
        found: dict[int, int] = {}
        taken: set[int] = set()
        for likeness, one, other in sorted(weighed):
            if likeness and one not in found and other not in taken:
                found[one] = other
                taken.add(other)
        return found

    def as_changed(self, gone: int, there: int, pairs: Mapping[int, int]) -> RowChange:
        """Both rows as one that was changed: with what is no difference as it was before."""
        table, before = self._gone.rows[gone]
        after = self._there.rows[there][1]
        kinds = dict(self._kinds(gone, _DEPTH)).items() & dict(self._kinds(there, _DEPTH)).items()
        same = {column: before[column] for column, _ in kinds}
        return self._referring_back(RowChange(store=table[0], table=table[1], before=before, after=after), pairs, same)

    def doubts(self, gone: int, there: int) -> set[str]:
        """The columns in which one row is not surely the other; of rows that they refer to, those are named there."""
        differ = set(self._kinds(gone, _DEPTH)) ^ set(self._kinds(there, _DEPTH))
        return {f"{self._changes[gone].table}.{column}" for column, (kind, _) in differ if kind != "row"}

    def with_references(self, place: int, pairs: Mapping[int, int]) -> RowChange:
        """A row that was changed, with the references of before where they are to rows that are back, or changed."""
        return self._referring_back(self._changes[place], pairs, {})

    def _referring_back(self, change: RowChange, pairs: Mapping[int, int], same: Row) -> RowChange:
        before, after, table = change.before, change.after, _table(change)
        if before is None or after is None:
            return change
        back = dict(same)
        for column, value in before.items():
            was = _Cell(then=True, table=table, column=column, value=value)
            now = was._replace(then=False, value=after.get(column))
            rows = self._reference(was, _DEPTH)
            if (rows and rows == self._reference(now, _DEPTH)) or self._is_pair(was, now, pairs):
                back[column] = value
        return replace(change, after={**after, **back})

    def _is_pair(self, was: _Cell, now: _Cell, pairs: Mapping[int, int]) -> bool:
        """Whether two references are to one row, before and now."""
        for home in self._targets[was.table, was.column]:
            gone, there = self._gone.ids[home].get(was.value), self._there.ids[home].get(now.value)
            if gone is not None and pairs.get(gone) == there:
                return True
        return False

    def _signature(self, place: int, depth: int) -> int:
        """Equal for rows that are one as far as can be told; a hash of 64 bits, as the oracle's colours are."""
        if (place, depth) not in self._signatures:
            kinds = tuple(sorted(self._kinds(place, depth), key=lambda each: each[0]))
            self._signatures[place, depth] = hash((_table(self._changes[place]), kinds))
        return self._signatures[place, depth]

    def _kinds(self, place: int, depth: int) -> list[tuple[str, Kind]]:
        then = place in self._gone.rows
        table, row = (self._gone if then else self._there).rows[place]
        cells = [_Cell(then=then, table=table, column=column, value=value) for column, value in row.items()]
        kinds = [(cell, self._kind(cell, depth)) for cell in cells]
        id_ = row.get(self._ids.get(table, ""))
        return [(cell.column, ("is", self._without_id(cell, id_)) if kind[0] == "is" else kind) for cell, kind in kinds]

    def _without_id(self, cell: _Cell, id_: str | None) -> str | None:
        """A text that may be made with its row's id ("T-12"), without that, where it is another now."""
        other, value = self._other(cell), cell.value
        stands = value == id_ or value in other.values[cell.table, cell.column]
        if stands or not value or not id_ or id_ in other.ids[cell.table]:
            return value
        return re.sub(rf"(?<![A-Za-z0-9]){re.escape(id_)}(?![A-Za-z0-9])", "\0", value)

    def _side(self, cell: _Cell) -> _Side:
        return self._gone if cell.then else self._there

    def _other(self, cell: _Cell) -> _Side:
        return self._there if cell.then else self._gone

    def _kind(self, cell: _Cell, depth: int) -> Kind:
        if cell.value is None or cell.value in self._other(cell).values[cell.table, cell.column]:
            return "is", cell.value
        if rows := self._reference(cell, depth):
            return "row", rows
        word = self._generated(cell) or ("" if self._sure else self._perhaps(cell))
        return ("new", word) if word else ("is", cell.value)

    def _reference(self, cell: _Cell, depth: int) -> tuple[Hashable, ...]:
        """The rows that a value is the id of, where rows of their tables have other ids now."""
        found = []
        for table in sorted(self._targets[cell.table, cell.column]):
            ids, others = self._side(cell).ids[table], self._other(cell).ids[table]
            if cell.value in ids and cell.value not in others:
                found.append((table, self._signature(ids[cell.value], depth - 1) if depth else 0))
        return tuple(found)

    def _referring(self) -> dict[tuple[Table, str], set[Table]]:
        """The tables that each column refers to: by values that no two tables share by chance, as new ids are long.

        What no row has as its new id has nothing to do with it: it is gone for another reason, or kept so.
        """
        lost, new = self._homes(self._gone, self._there), self._homes(self._there, self._gone)
        renewed = {table for tables in new.values() for table in tables}
        found: dict[tuple[Table, str], set[Table]] = defaultdict(set)
        for each in self._changes:
            then = {name: lost.get(value, set()) for name, value in (each.before or {}).items() if is_long(value or "")}
            now = {name: new.get(value, set()) for name, value in (each.after or {}).items()}
            for column in {*then, *now}:
                own = {_table(each)} if self._ids.get(_table(each)) == column else set()
                found[_table(each), column] |= (then.get(column, set()) & renewed | now.get(column, set())) - own
        return found

    def _homes(self, side: _Side, other: _Side) -> dict[str | None, set[Table]]:
        """The tables that have a value as an id on one side only."""
        homes: dict[str | None, set[Table]] = defaultdict(set)
        for table, ids in side.ids.items():
            for value in ids.keys() - other.ids[table].keys():
                homes[value].add(table)
        return homes

    def _generated(self, cell: _Cell) -> str:
        """As what a value is generated, if it surely is; else empty."""
        value = cell.value or ""
        if self._ids.get(cell.table) == cell.column:
            if INTEGER.match(value) and (cell.then or is_long(value)):
                return "number"
            if _UUID.match(value):
                return "uuid"
        if (instant(value) is not None or is_signed(value) or parsed(value) is not None) and self._noted(cell):
            return "moment"
        return "token" if _name(cell) in self._known.own and _TOKEN.match(value) else ""

    def _perhaps(self, cell: _Cell) -> str:
        """As what a value may be generated."""
        value, keys = cell.value or "", self._keys[cell.table]
        own = self._ids.get(cell.table) == cell.column
        if _UUID.match(value):
            return "uuid"
        if INTEGER.match(value) and (own or cell.then or is_long(value)):
            keyed = any(cell.column in key for key in keys)
            return "number" if keyed or not any(keys) else ""
        if own and is_single(value) and is_long(value):
            return "text"
        return "token" if _name(cell) in self._known.generated and _TOKEN.match(value) else ""

    def _noted(self, cell: _Cell) -> bool:
        """Whether a moment was noted in place of one, or another in place of it."""
        others = self._other(cell).values[cell.table, cell.column]
        pairs = ((cell.value, other) if cell.then else (other, cell.value) for other in others)
        return any(self._known.noted(_name(cell), *pair) for pair in pairs)


def _table(change: RowChange) -> Table:
    return change.store, change.table


def _name(cell: _Cell) -> str:
    return f"{cell.table[1]}.{cell.column}"


def _likeness(one: Mapping[str, Kind], other: Mapping[str, Kind]) -> float:
    """The share of columns in which two rows agree, apart from what is made anew; 0 for less than half of them."""
    if one.keys() != other.keys():
        return 0.0
    told = [column for column, kind in one.items() if kind[0] == "is" or kind != other[column]]
    same = sum(one[column] == other[column] for column in told)
    return same / len(told) if same * 2 >= len(told) > 0 else 0.0
