"""Row changes and answers as flat records of cells; JSON is taken apart into one cell a field."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from hotfire.equality.outcome import State
from hotfire.model.history import Reply, Row, RowChange

Operation = Literal["insert", "update", "delete", "answer", "part"]
Kind = Literal["text", "number", "constant"]

_HEADERS = ("content-type", "location")


class Number(str):
    """A JSON number as it was written: 49.00 stays 49.00."""

    __slots__ = ()


Kept: TypeAlias = list[tuple[str, str, str | None]]
"""What counts of a row: each column, its name with its table's, and the value."""

Json: TypeAlias = "bool | str | Number | list[Json] | dict[str, Json] | None"


class Cell(NamedTuple):
    """One value. A named tuple, since a large state has ten thousand of them.

    `column` is the name by which noise is learned ("posts.meta:tags[].id"), `place` where it stands
    ("meta:tags[0].id"); `value` is the text, None for NULL.
    """

    column: str
    place: str
    value: str | None
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row change, an answer, or a part: an element of a collection without order, tied to its whole by a link.

    `links` are the numbers of the collections that stand in it, by place; `link` is the one it is a part of.
    """

    table: str
    operation: Operation
    before: tuple[Cell, ...] = ()
    cells: tuple[Cell, ...] = ()
    link: int | None = None
    links: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a state is taken apart.

    ignore      tables, columns and JSON fields that are no state.
    unordered   lists have no order (where the clean runs do not keep it).
    keyed       names of JSON objects whose keys are generated: a collection of pairs.
    """

    ignore: frozenset[str] = frozenset()
    unordered: bool = False
    keyed: frozenset[str] = frozenset()


def is_answer(table: str) -> bool:
    """Whether a record's table is an answer: "answer", "answer POST /posts"."""
    return table == "answer" or table.startswith("answer ")


def records(state: State, layout: Layout) -> tuple[Record, ...]:
    """The state as records; updates that change nothing are left out."""
    return tuple(_Reader(layout=layout).read(state))


def objects(state: State, layout: Layout) -> dict[str, set[str]]:
    """The JSON objects of the state by name, with all the keys that stand in them."""
    reader = _Reader(layout=layout)
    for _ in reader.read(state):
        pass
    return reader.objects


@dataclass(slots=True, kw_only=True)
class _Reader:
    """One state while it is taken apart: numbers its collections, remembers the names of its columns and objects."""

    layout: Layout
    links: int = 0
    names: dict[tuple[str, ...], list[tuple[str, str]]] = field(default_factory=dict)
    objects: dict[str, set[str]] = field(default_factory=dict)

    def read(self, state: State) -> Iterator[Record]:
        for change in state.rows:
            if self.layout.ignore.isdisjoint(_spellings(change)):
                yield from self._row(change)
        for index, reply in enumerate(state.replies):
            step = state.steps[index] if index < len(state.steps) else ""
            yield from self._answer(reply, f"answer {step}".rstrip())

    def _row(self, change: RowChange) -> Iterator[Record]:
        before, after = self._kept(change, change.before), self._kept(change, change.after)
        if before == after:
            return
        old = self._as_it_is(before)  # it is the same in every run
        if before is not None and after is not None and old.cells == self._as_it_is(after).cells:
            return  # JSON that is written otherwise, or differs in what is ignored
        new = _Parts(reader=self)
        for column, name, value in after or ():
            new.scalar(name, column, value, ":")
        operation: Operation = "insert" if before is None else "delete" if after is None else "update"
        yield new.record(change.table, operation, before=tuple(old.cells))
        yield from new.children

    def _as_it_is(self, kept: Kept | None) -> "_Parts":
        """A row with its lists in their order and its objects by their keys."""
        parts = _Parts(reader=_Reader(layout=Layout(ignore=self.layout.ignore)))
        for column, name, value in kept or ():
            parts.scalar(name, column, value, ":")
        return parts

    def _kept(self, change: RowChange, row: Row | None) -> Kept | None:
        if row is None:
            return None
        key = (change.store, change.table, *row)
        if key not in self.names:
            self.names[key] = list(self._named(change, row))
        return [(column, name, row[column]) for column, name in self.names[key]]

    def _named(self, change: RowChange, row: Row) -> Iterator[tuple[str, str]]:
        for column in sorted(row):
            if self.layout.ignore.isdisjoint(f"{table}.{column}" for table in _spellings(change)):
                yield column, f"{change.table}.{column}"

    def _answer(self, reply: Reply, table: str) -> Iterator[Record]:
        parts = _Parts(reader=self)
        for place, value in _answered(reply):
            if f"{table} {place}" not in self.layout.ignore:
                parts.scalar(f"{table} {place}", place, value, ".")
        yield parts.record(table, "answer")
        yield from parts.children


@dataclass(slots=True, kw_only=True)
class _Parts:
    """One record while it is taken apart. `joint` is what stands between a name and the first field in it."""

    reader: _Reader
    cells: list[Cell] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    children: list[Record] = field(default_factory=list)

    def scalar(self, column: str, place: str, value: str | None, joint: str) -> None:
        """A column's text: JSON where it reads as JSON, whatever the column's type is."""
        if value and (tree := parsed(value)) is not None:
            self.tree(column, place, tree, joint)
        else:
            self.cells.append(Cell(column, place, value, "text"))

    def tree(self, column: str, place: str, tree: Json, joint: str) -> None:
        """A JSON value; an empty object or list is a constant, so that it is seen."""
        match tree:
            case dict() if tree:
                self._object(column, place, tree, joint)
            case list() if tree:
                self._list(f"{column}{joint.strip('.')}[]", f"{place}{joint.strip('.')}", tree)
            case _:
                self.cells.append(_leaf(column, place, tree))

    def _object(self, column: str, place: str, tree: dict[str, Json], joint: str) -> None:
        self.reader.objects.setdefault(column, set()).update(tree)
        if column in self.reader.layout.keyed:
            self._collection(f"{column}{joint}{{}}", place, tree.items())
            return
        for key, item in sorted(tree.items()):
            if (name := f"{column}{joint}{key}") not in self.reader.layout.ignore:
                self.tree(name, f"{place}{joint}{key}", item, ".")

    def _list(self, column: str, place: str, tree: list[Json]) -> None:
        if self.reader.layout.unordered:
            self._collection(column, place, ((None, item) for item in tree))
            return
        for index, item in enumerate(tree):
            self.tree(column, f"{place}[{index}]", item, ".")

    def _collection(self, column: str, place: str, items: Iterable[tuple[str | None, Json]]) -> None:
        self.reader.links += 1
        link = self.reader.links
        self.links.append((place, link))
        for key, item in items:
            part = _Parts(reader=self.reader)
            if key is not None:
                part.cells.append(Cell(f"{column} key", "key", key, "text"))
            part.tree(column, "item", item, ".")
            self.children += [part.record(column, "part", link=link), *part.children]

    def record(
        self, table: str, operation: Operation, *, before: tuple[Cell, ...] = (), link: int | None = None
    ) -> Record:
        """The record of the cells so far."""
        return Record(
            table=table,
            operation=operation,
            before=before,
            cells=tuple(self.cells),
            link=link,
            links=tuple(self.links),
        )


def parsed(text: str) -> Json:
    """The object or list that a text is in JSON; None where it is none."""
    if not text.startswith(("{", "[")):
        return None
    try:
        tree: Json = json.loads(text, parse_float=Number, parse_int=Number)
    except (ValueError, RecursionError):
        return None
    return tree


def _leaf(column: str, place: str, tree: Json) -> Cell:
    match tree:
        case None:
            return Cell(column, place, None, "text")
        case Number():
            return Cell(column, place, str(tree), "number")
        case str():
            return Cell(column, place, tree, "text")
        case _:
            return Cell(column, place, json.dumps(tree), "constant")


def _spellings(change: RowChange) -> tuple[str, ...]:
    return (change.table, f"{change.store}.{change.table}", change.table.rpartition(".")[2])


def _answered(reply: Reply) -> Iterator[tuple[str, str | None]]:
    if reply.status is None:
        yield "status", f"none ({reply.cut})" if reply.cut else "none"
        return
    yield "status", str(reply.status)
    for name, value in sorted(reply.headers):
        if name.lower() in _HEADERS:
            yield name.lower(), value
    cookies = {value.partition("=")[0] for name, value in reply.headers if name.lower() == "set-cookie"}
    for cookie in sorted(cookies):
        yield f"cookie {cookie}", "set"
    yield "body", reply.body
