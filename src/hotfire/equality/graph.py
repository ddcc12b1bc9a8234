"""A state as a graph of records and generated values, and its canonical form.

A generated value is a node, shared by every record in which it stands. The colours of records and nodes are refined
together until stable (Weisfeiler and Leman, 1968); two states are equal when the multisets of their records' colours
are. No foreign keys need be known.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotfire.equality import reading
from hotfire.equality.atoms import HOLE, Atoms, holed, node_name, words
from hotfire.equality.noise import Column, Noise, begun, is_kept
from hotfire.equality.record import Cell, Record

Template = tuple[str, ...]
"""A cell as it is compared: its place, how it is compared, and what is literal in it."""

Node = tuple[str, str]
"""A generated value: the class of columns that share it ("" for long ones, that all share), and its name."""


_PART, _WHOLE = -1, -2  # in place of a cell's index


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A record with its cells' templates, in the cells' order, and its nodes: (index of the cell, node).

    A negative index is that of a collection: one that the record is a part of, or one that stands in it.
    """

    record: Record
    templates: tuple[Template, ...]
    nodes: tuple[tuple[int, Node], ...]
    shape: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A state in its canonical form: `form` is equal for equal states, `colours` are those of the vertices."""

    vertices: tuple[Vertex, ...]
    colours: tuple[int, ...]
    form: tuple[int, ...]


def draw(records: Sequence[Record], noise: Noise) -> Graph:
    """The records' graph, refined."""
    pen = _Pen(records, noise)
    vertices = tuple(pen.vertex(record) for record in records)
    colours = _refined(vertices)
    return Graph(vertices=vertices, colours=tuple(colours), form=tuple(sorted(colours)))


def vocabulary(records: Sequence[Record], noise: Noise) -> Mapping[str, set[str]]:
    """The words of each generated column's texts in one run, without what is known to be generated."""
    pen = _Pen(records, noise)
    found: dict[str, set[str]] = {}
    for record in records:
        for cell in record.cells:
            column = noise.columns.get(cell.column)
            if column and cell.value and pen.is_text(cell, cell.value, column):
                found.setdefault(cell.column, set()).update(words(pen.atoms.cut(cell.value)[0]))
    return found


class _Pen:
    """Draws the vertices of one state: knows its long values, what stood there before, and when it began."""

    def __init__(self, records: Sequence[Record], noise: Noise) -> None:
        self._noise = noise
        self._before = {(cell.column, cell.value) for record in records for cell in record.before}
        self._old = {value for _, value in self._before if value and reading.is_long(value)}
        self._first = begun(records, noise.columns)
        self.atoms = Atoms(self._long(records))

    def _long(self, records: Iterable[Record]) -> Iterable[str]:
        columns = {
            name: each
            for name, each in self._noise.columns.items()
            if each.reads == "value" and each.long and each.single
        }
        for record in records:
            for cell in record.cells:
                column = columns.get(cell.column)
                if column and cell.value and reading.is_long(cell.value) and not self._is_fixed(cell, column):
                    yield cell.value

    def _is_fixed(self, cell: Cell, column: Column) -> bool:
        value = cell.value
        if not value or value in column.constants or value in self._noise.constants:
            return True
        if column.coarse:
            return False
        by_chance = column.reads == "instant" and reading.is_of_second(value)  # as the row's created_at, in fast runs
        return (cell.column, value) in self._before or (value in self._old and not by_chance)

    def is_text(self, cell: Cell, value: str, column: Column) -> bool:
        """Whether a generated value is a text with generated parts, not one value."""
        return column.reads == "value" and not self._is_fixed(cell, column) and not self._is_one(value, column)

    def _is_one(self, value: str, column: Column) -> bool:
        if not column.single or not reading.is_single(value):
            return False
        return not column.long or not reading.is_long(value) or value in self.atoms

    def vertex(self, record: Record) -> Vertex:
        nodes: list[tuple[int, Node]] = []
        templates: list[Template] = []
        for index, cell in enumerate(record.cells):
            column = self._noise.columns.get(cell.column)
            if column is None or self._is_fixed(cell, column):
                templates.append(_literal(cell))
            else:
                template, found = self._generated(cell, cell.value or "", column)
                templates.append(template)
                if found:
                    nodes += [(index, node) for node in found]
        nodes += [(_WHOLE, ("link", str(link))) for _, link in record.links]
        if record.link is not None:
            nodes.append((_PART, ("link", str(record.link))))
        return _vertex(record, tuple(templates), tuple(nodes))

    def _generated(self, cell: Cell, value: str, column: Column) -> tuple[Template, Sequence[Node]]:
        match column.reads:
            case "instant":
                return (self._instant(cell, value, column), ())
            case "measure":
                return ((cell.place, "measure"), ())
            case "value":
                return self._value(cell, value, column)

    def _instant(self, cell: Cell, value: str, column: Column) -> Template:
        moment = reading.instant(value)
        if moment is None:
            return _literal(cell)
        if is_kept(moment - self._first, column):
            return (cell.place, "instant")
        return (cell.place, "instant", value)

    def _value(self, cell: Cell, value: str, column: Column) -> tuple[Template, Sequence[Node]]:
        if column.whole and not reading.INTEGER.match(value):
            return (_literal(cell), ())
        if not self._is_one(value, column):
            skeleton, found = self.atoms.cut(value)
            text = holed(skeleton, column.words)
            if text != HOLE:  # else it is one value after all, with signs in it that mostly stand between values
                return ((cell.place, "text", text), [("", node) for node in found])
        if column.long:
            return ((cell.place, cell.kind, "long"), (("", node_name(value)),))
        return ((cell.place, cell.kind, "short"), ((column.tie, value),) if column.tie else ())


def _literal(cell: Cell) -> Template:
    return (cell.place, "null") if cell.value is None else (cell.place, cell.kind, "=", cell.value)


def _vertex(record: Record, templates: tuple[Template, ...], nodes: tuple[tuple[int, Node], ...]) -> Vertex:
    places = tuple(place for place, _ in record.links)
    shape = hash((record.table, record.operation, record.before, templates, places))
    return Vertex(record=record, templates=templates, nodes=nodes, shape=shape)


def _refined(vertices: Sequence[Vertex]) -> list[int]:
    """The colours of the vertices when a further round splits none of them.

    A colour is a hash of 64 bits, so that those of two graphs can be compared; the order of rows plays no part.
    """
    slots, places = _slots(vertices)
    colours = [vertex.shape for vertex in vertices]
    classes = len(set(colours))
    while True:
        shades = [hash(tuple(sorted([hash((colours[row], slot)) for row, slot in each]))) for each in places]
        colours = [
            hash((colour, *[shades[node] for node in row])) if row else colour
            for colour, row in zip(colours, slots, strict=True)
        ]
        if (now := len(set(colours))) == classes:
            return colours
        classes = now


def _slots(vertices: Sequence[Vertex]) -> tuple[list[list[int]], list[list[tuple[int, int]]]]:
    """Each vertex's nodes as numbers, and where each node stands: (vertex, slot). A node that stands once is none."""
    times = Counter(node for vertex in vertices for _, node in vertex.nodes)
    numbers: dict[Node, int] = {}
    places: list[list[tuple[int, int]]] = []
    slots: list[list[int]] = []
    for row, vertex in enumerate(vertices):
        slots.append([])
        for slot, (_, node) in enumerate(vertex.nodes):
            if times[node] == 1:
                continue
            number = numbers.setdefault(node, len(places))
            if number == len(places):
                places.append([])
            places[number].append((row, slot))
            slots[row].append(number)
    return slots, places
