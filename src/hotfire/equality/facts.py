"""What can be said of a row: the values that are literal, what it shares with its twin, how a value is shown."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from hotfire.equality.atoms import MARKS
from hotfire.equality.graph import Vertex
from hotfire.equality.record import Cell

Fact = TypeVar("Fact")

_SHOWN = 40
_LEAD = 16  # how much is shown before two texts part
_FACTS = 2
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
_REFERENCE = re.compile(r"(.+?)_(?:id|uuid|pk)\Z")
_SWITCHES = frozenset({"t", "f", "true", "false"})
_MUTABLE = frozenset({"status", "state"})  # they agree because both rows are young


def shown(value: str | None) -> str:
    """A value as it is said, on one line: NULL, a number, a text in quotes."""
    if value is None:
        return "NULL"
    if _NUMBER.match(value):
        return value
    line = value.replace("\r\n", "\n").replace("\n", "⏎")
    return f"'{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"


def shown_apart(one: Cell | None, other: Cell | None, skeletons: tuple[str, str] | None) -> tuple[str, str]:
    """Two values that differ; of long ones, the part in which they do (of texts, in which their skeletons do)."""
    if one is None or other is None or not one.value or not other.value:
        return _shown(one), _shown(other)
    if max(len(one.value), len(other.value)) <= _SHOWN:
        return shown(one.value), shown(other.value)
    if skeletons is None:
        start = max(0, _parting(one.value, other.value) - _LEAD)
        return _from(one.value, start), _from(other.value, start)
    parting = _parting(*skeletons)
    starts = [_place_of(*each, parting) for each in zip((one.value, other.value), skeletons, strict=True)]
    return _from(one.value, starts[0]), _from(other.value, starts[1])


def _parting(one: str, other: str) -> int:
    """Where two texts part."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _place_of(value: str, skeleton: str, parting: int) -> int:
    """Where the skeleton's parting lies in the value: by the literal text before it, and how often that came before."""
    anchor = re.split(f"[{MARKS}]", skeleton[:parting])[-1][-_LEAD:]
    if not anchor:
        return 0
    start = 0
    for _ in range(skeleton[:parting].count(anchor)):
        start = value.find(anchor, start) + 1
    return max(0, start - 1)


def _from(value: str, start: int) -> str:
    return shown(("…" if start else "") + value[start:])


def _shown(cell: Cell | None) -> str:
    return "absent" if cell is None else shown(cell.value)


def common(rows: Sequence[Vertex], twins: Sequence[Vertex | None]) -> str:
    """What all the rows have and share with their twins, in brackets: (amount 49.00, same order)."""
    same = _all([_shared(row, twin) for row, twin in zip(rows, twins, strict=False)]) if twins else []
    literals = _all([_literals(row) for row in rows])
    said = [
        *[f"{name} {shown(value)}" for name, value in literals if not (same and _REFERENCE.match(name))][:_FACTS],
        *[f"same {name}" for name in dict.fromkeys(map(_reference, same))][:_FACTS],
    ]
    return f" ({', '.join(said)})" if said else ""


def agreed(rows: Sequence[Vertex], twins: Sequence[Vertex | None]) -> tuple[str, ...]:
    """The columns that may make a UNIQUE key: references and names in which each row agrees with its twin."""
    if not twins or None in twins:
        return ()
    names = [name for name, value in _all([_literals(row) for row in rows]) if _is_key(name, value)]
    return tuple(dict.fromkeys([*_all([_shared(row, twin) for row, twin in zip(rows, twins, strict=True)]), *names]))


def _is_key(name: str, value: str) -> bool:
    return name not in _MUTABLE and not _NUMBER.match(value) and not re.search(r"\s", value)


def _all(facts: Sequence[Sequence[Fact]]) -> list[Fact]:
    """The facts that stand in every list, in the first one's order."""
    return [fact for fact in facts[0] if all(fact in each for each in facts[1:])] if facts else []


def _literals(row: Vertex) -> list[tuple[str, str]]:
    """Columns with a literal value worth saying, in order."""
    return [
        (cell.place, cell.value)
        for cell, template in _templates(row)
        if cell.value and "=" in template[2:3] and _is_said(cell.value)
    ]


def _templates(row: Vertex) -> Iterable[tuple[Cell, tuple[str, ...]]]:
    if row.record.cells:
        return zip(row.record.cells, row.templates, strict=True)
    return [(cell, (cell.place, cell.kind, "=")) for cell in row.record.before]  # a deleted row


def _is_said(value: str) -> bool:
    return len(value) <= _SHOWN and value.lower() not in _SWITCHES


def _shared(row: Vertex, twin: Vertex | None) -> list[str]:
    """Columns in which a row stands for the same thing as its twin: a generated value, or the id of an older row."""
    if twin is None:
        return []
    nodes = set(twin.nodes)
    generated = [row.record.cells[index].place for index, node in row.nodes if index >= 0 and (index, node) in nodes]
    older = [name for name, _ in _literals(row) if _REFERENCE.match(name)]
    return [*generated, *older]


def _reference(name: str) -> str:
    found = _REFERENCE.match(name)
    return found[1] if found else name
