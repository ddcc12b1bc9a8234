"""The difference between a state and an undisturbed run, in the user's words: never a colour, never an id alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotfire.equality.facts import agreed, common, shown_apart
from hotfire.equality.graph import Graph, Node, Template, Vertex
from hotfire.equality.outcome import Difference
from hotfire.equality.pairing import Pairing, pairings
from hotfire.equality.record import Cell, is_answer

_MANY = 3

Told = tuple[Template, Cell]
"""How a cell is compared, and the cell."""

Compared = Mapping[str, Told]
"""A record's cells by place."""


def differences(trial: Graph, clean: Graph, reference: str) -> tuple[Difference, ...]:
    """What differs, rows before columns; where no row differs by itself, which ones are tied otherwise.

    `reference` is what the clean graph is of, in the singular: "one run".
    """
    return _Teller(reference=reference).tell(trial, clean)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """Tells differences from one reference."""

    reference: str

    def tell(self, trial: Graph, clean: Graph) -> tuple[Difference, ...]:
        tables = pairings(trial, clean)
        found = [difference for pairing in tables for difference in (*self._rows(pairing), *self._changed(pairing))]
        return tuple(_merged(found)) if found else self._tied(tables, trial, clean)

    def _rows(self, pairing: Pairing) -> Iterator[Difference]:
        """Rows that are too many, too few, kept or deleted."""
        extra = [each for each in pairing.extra if not each.record.before]
        missing = [each for each in pairing.missing if not each.record.before]
        if extra:
            yield self._extra(pairing, extra)
        if missing:
            yield self._missing(pairing, missing)
        for vertex in pairing.extra:
            if vertex.record.operation == "delete":
                yield self._deleted(vertex)
        for vertex in pairing.missing:
            if vertex.record.operation == "delete":
                yield self._kept(vertex)
        for one, other in pairing.changed:
            match one.record.operation, other.record.operation:
                case "delete", "update":
                    yield self._deleted(one)
                case "update", "delete":
                    yield self._kept(other)
                case _:
                    pass  # a column of it differs

    def _deleted(self, row: Vertex) -> Difference:
        table = row.record.table
        text = f"a row in {table} is deleted where {self.reference} keeps it{common([row], [])}"
        return Difference(table=table, columns=(table,), text=text)

    def _kept(self, row: Vertex) -> Difference:
        table = row.record.table
        text = f"a row in {table} is kept where {self.reference} deletes it{common([row], [])}"
        return Difference(table=table, columns=(table,), text=text)

    def _extra(self, pairing: Pairing, extra: Sequence[Vertex]) -> Difference:
        now, then = _new(pairing.left), _new(pairing.expected)
        twins = [_twin(each, pairing.left) for each in extra]
        facts = common(extra, twins)
        if now <= then:
            text = f"{_rows_in(len(extra), pairing.table)} as {self.reference} leaves none{facts}"
        else:
            text = f"{_rows_in(now, pairing.table)} where {self.reference} leaves {then or 'none'}{facts}"
        return Difference(table=pairing.table, columns=(pairing.table,), text=text, agreeing=agreed(extra, twins))

    def _missing(self, pairing: Pairing, missing: Sequence[Vertex]) -> Difference:
        now, then = _new(pairing.left), _new(pairing.expected)
        facts = common(missing, [])
        lacking = facts.replace("(", "(without ", 1)
        if now >= then:
            text = f"no {_rows_in(len(missing), pairing.table)} as {self.reference} leaves{facts}"
        elif now:
            text = f"{_rows_in(now, pairing.table)} where {self.reference} leaves {then}{lacking}"
        else:
            text = f"no {_noun(pairing.table, 1)} where {self.reference} leaves {then}{facts}"
        return Difference(table=pairing.table, columns=(pairing.table,), text=text)

    def _changed(self, pairing: Pairing) -> Iterator[Difference]:
        """Columns that differ: of paired rows, and of rows from before that only one side has touched."""
        for one, other in pairing.changed:
            if one.record.operation == other.record.operation:
                yield from self._cells(pairing.table, _compared(one), _compared(other))
        for vertex in pairing.extra:
            if vertex.record.operation == "update":
                yield from self._cells(pairing.table, _compared(vertex), _past(vertex))
        for vertex in pairing.missing:
            if vertex.record.operation == "update":
                yield from self._cells(pairing.table, _past(vertex), _compared(vertex))

    def _cells(self, table: str, left: Compared, expected: Compared) -> Iterator[Difference]:
        places = [place for place in {**expected, **left} if _template(left, place) != _template(expected, place)]
        for place in ["status"] if is_answer(table) and "status" in places else places:
            one, other = left.get(place), expected.get(place)
            cell = (one or other or ((), Cell(table, place, None, "text")))[1]
            texts = shown_apart(one[1] if one else None, other[1] if other else None, _skeletons(one, other))
            yield Difference(table=table, columns=(cell.column,), text=self._said(table, place, *texts))

    def _said(self, table: str, place: str, value: str, expected: str) -> str:
        if not is_answer(table):
            joint = "" if place == "item" else "." if "[" not in table else ":"
            name = table if place == "item" else f"{table}{joint}{place}"
            return f"{name} is {value} where {self.reference} leaves {expected}"
        step = table.removeprefix("answer").strip()
        answer = f"the answer to {step}" if step else "the answer"
        if place == "status":
            return f"{answer} has status {_bare(value)} where {self.reference} answers {_bare(expected)}"
        return f"{place} of {answer} is {value} where {self.reference} answers {expected}"

    def _tied(self, tables: Iterable[Pairing], trial: Graph, clean: Graph) -> tuple[Difference, ...]:
        """Rows that are equal by themselves and stand for other rows: by the columns where their values stand too."""
        left, expected = _standing(trial), _standing(clean)
        found: dict[str, Difference] = {}
        pairs = [pair for pairing in tables for pair in pairing.tied]
        for one, other in pairs:
            for (index, node), (_, twin) in zip(one.nodes, other.nodes, strict=True):
                if index >= 0 and left[node] != expected[twin]:
                    tie = self._tie(one.record.cells[index], one.record.table, left[node], expected[twin])
                    found.setdefault(tie.text, tie)
        if found:
            return tuple(found.values())[:_MANY]
        return (self._otherwise([one for one, _ in pairs]),)

    def _tie(self, cell: Cell, table: str, left: Counter[str], expected: Counter[str]) -> Difference:
        name = cell.column
        lost, gained = sorted((expected - left).keys() - {name}), sorted((left - expected).keys() - {name})
        if lost:
            names = sorted([name, lost[0]])
            text = f"{' and '.join(map(_column, names))} differ where {self.reference} leaves the same value in both"
        elif gained:
            names = sorted([name, gained[0]])
            text = f"{' and '.join(map(_column, names))} have the same value where {self.reference} leaves two"
        else:
            names = [name]
            text = (
                f"{left[name]} of {_column(name)} have the same value where in {self.reference} {expected[name]} have"
            )
        return Difference(table=table, columns=tuple(names), text=text)

    def _otherwise(self, vertices: Sequence[Vertex]) -> Difference:
        """Rows that no column tells apart: what they stand for differs further away."""
        names = sorted({each.record.cells[index].column for each in vertices for index, _ in each.nodes if index >= 0})
        names = names or sorted({each.record.table for each in vertices})
        text = f"{' and '.join(names[:_MANY])} stand for other rows than in {self.reference}"
        return Difference(table=vertices[0].record.table, columns=tuple(names), text=text)


def _bare(value: str) -> str:
    return value.strip("'")


def _merged(found: Iterable[Difference]) -> Iterator[Difference]:
    for difference, times in Counter(found).items():
        text = difference.text if times == 1 else f"{difference.text} ({times} times)"
        yield Difference(table=difference.table, columns=difference.columns, text=text, agreeing=difference.agreeing)


def _new(vertices: Iterable[Vertex]) -> int:
    return sum(1 for each in vertices if not each.record.before)


def _rows_in(number: int, table: str) -> str:
    return f"{number} {_noun(table, number)}"


def _noun(table: str, number: int) -> str:
    many = "" if number == 1 else "s"
    if is_answer(table):
        return f"answer{many}{' to' * (table != 'answer')}{table.removeprefix('answer')}"
    if table.endswith(("[]", "{}")):
        return f"entr{'ies' if many else 'y'} in {table}"
    return f"row{many} in {table}"


def _twin(extra: Vertex, rows: Sequence[Vertex]) -> Vertex | None:
    """The row that an extra row repeats: of the same shape, else none."""
    others = [each for each in rows if each is not extra and each.shape == extra.shape]
    shared = {node for _, node in extra.nodes}
    return max(others, key=lambda each: len(shared & {node for _, node in each.nodes}), default=None)


def _compared(vertex: Vertex) -> Compared:
    cells = zip(vertex.record.cells, vertex.templates, strict=True)
    return {cell.place: (template, cell) for cell, template in cells}


def _past(vertex: Vertex) -> Compared:
    """The row as it stood before; equal to what it is now only where the value is the same."""
    return {
        cell.place: ((cell.place, "null") if cell.value is None else (cell.place, cell.kind, "=", cell.value), cell)
        for cell in vertex.record.before
    }


def _skeletons(one: Told | None, other: Told | None) -> tuple[str, str] | None:
    if one and other and one[0][1] == other[0][1] == "text" and len(one[0]) == len(other[0]) == 3:
        return one[0][2], other[0][2]
    return None


def _template(cells: Compared, place: str) -> Template | None:
    found = cells.get(place)
    return found[0] if found else None


def _standing(graph: Graph) -> dict[Node, Counter[str]]:
    """In which columns each generated value stands, and how often."""
    found: dict[Node, Counter[str]] = {}
    for vertex in graph.vertices:
        for index, node in vertex.nodes:
            name = vertex.record.cells[index].column if index >= 0 else vertex.record.table
            found.setdefault(node, Counter())[name] += 1
    return found


def _column(name: str) -> str:
    """A column's name; an answer's, "answer POST /posts body.id", in words."""
    if not is_answer(name):
        return name
    answer, _, place = name.rpartition(" ")
    step = answer.removeprefix("answer").strip()
    return f"{place} of the answer{' to ' if step else ''}{step}"
