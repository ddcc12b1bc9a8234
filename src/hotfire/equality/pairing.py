"""Which row of a state is which row of an undisturbed run: equal ones first, then the most alike."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from hotfire.equality.graph import Graph, Vertex

_LARGE = 40_000  # pairs to weigh; above, rows are paired in their order


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The rows of one table: `changed` pairs differ in a column, `tied` pairs only in what they are tied to."""

    table: str
    changed: tuple[tuple[Vertex, Vertex], ...]
    tied: tuple[tuple[Vertex, Vertex], ...]
    extra: tuple[Vertex, ...]
    missing: tuple[Vertex, ...]
    left: tuple[Vertex, ...]
    expected: tuple[Vertex, ...]


Coloured = tuple[Vertex, int]


def pairings(trial: Graph, clean: Graph) -> tuple[Pairing, ...]:
    """The tables of both states, by name; each row is in one pair, is extra or is missing."""
    left, expected = _tables(trial), _tables(clean)
    return tuple(_pair(table, left.get(table, []), expected.get(table, [])) for table in sorted({*left, *expected}))


def _tables(graph: Graph) -> dict[str, list[Coloured]]:
    tables: dict[str, list[Coloured]] = {}
    for vertex, colour in zip(graph.vertices, graph.colours, strict=True):
        tables.setdefault(vertex.record.table, []).append((vertex, colour))
    return tables


def _pair(table: str, trial: list[Coloured], clean: list[Coloured]) -> Pairing:
    _, left, expected = _by(trial, clean, lambda each: each[1])
    tied, left, expected = _by(left, expected, lambda each: each[0].shape)
    same, left, expected = _by(left, expected, lambda each: each[0].record.before or None)
    alike, extra, missing = _alike([each for each, _ in left], [each for each, _ in expected])
    return Pairing(
        table=table,
        changed=(*((one, other) for (one, _), (other, _) in same), *alike),
        tied=tuple((one, other) for (one, _), (other, _) in tied),
        extra=tuple(extra),
        missing=tuple(missing),
        left=tuple(vertex for vertex, _ in trial),
        expected=tuple(vertex for vertex, _ in clean),
    )


def _by(
    left: Sequence[Coloured], expected: Sequence[Coloured], key: Callable[[Coloured], Hashable]
) -> tuple[list[tuple[Coloured, Coloured]], list[Coloured], list[Coloured]]:
    """Pairs whose key is equal (None pairs with nothing), and what is over on either side."""
    waiting: dict[Hashable, list[Coloured]] = {}
    for each in reversed(expected):
        waiting.setdefault(key(each), []).append(each)
    waiting.pop(None, None)
    pairs: list[tuple[Coloured, Coloured]] = []
    over: list[Coloured] = []
    for each in left:
        if others := waiting.get(key(each)):
            pairs.append((each, others.pop()))
        else:
            over.append(each)
    taken = {id(other[0]) for _, other in pairs}
    return pairs, over, [each for each in expected if id(each[0]) not in taken]


def _alike(
    left: list[Vertex], expected: list[Vertex]
) -> tuple[list[tuple[Vertex, Vertex]], list[Vertex], list[Vertex]]:
    pairs: list[tuple[Vertex, Vertex]] = []
    taken: set[int] = set()
    weighed = _weighed(left, expected) if len(left) * len(expected) <= _LARGE else zip(left, expected, strict=False)
    for one, other in weighed:
        if id(one) not in taken and id(other) not in taken:
            taken |= {id(one), id(other)}
            pairs.append((one, other))
    return (
        pairs,
        [each for each in left if id(each) not in taken],
        [each for each in expected if id(each) not in taken],
    )


def _weighed(left: Iterable[Vertex], expected: Sequence[Vertex]) -> list[tuple[Vertex, Vertex]]:
    """All pairs that may be one row, the most alike first. A row with a past is no row without one."""
    pairs = [
        (likeness(one, other), one, other)
        for one in left
        for other in expected
        if not one.record.before and not other.record.before and one.record.operation == other.record.operation
    ]
    pairs = [each for each in pairs if each[0] * 2 >= len(each[1].templates) or each[1].record.operation == "answer"]
    pairs.sort(key=lambda each: -each[0])
    return [(one, other) for _, one, other in pairs]


def likeness(one: Vertex, other: Vertex) -> int:
    """In how many cells two records agree."""
    return len(set(one.templates) & set(other.templates))
