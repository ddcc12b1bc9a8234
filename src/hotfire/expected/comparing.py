"""An answer compared with the expected one: what differs, in a person's words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Final, Literal

from hotfire.equality.reading import INTEGER, instant
from hotfire.equality.record import Json, Number
from hotfire.expected.aligning import align
from hotfire.expected.document import Expected, Leaf, Tree
from hotfire.expected.form import BodyKind, Form, escaped, spelled
from hotfire.expected.leaks import leaks
from hotfire.expected.matching import Bound, match, timeless
from hotfire.expected.moments import form_of, is_part
from hotfire.expected.placeholders import Hole, Template, holes, write

Category = Literal[
    "other status",
    "wrong id",
    "leaked field",
    "missing field",
    "changed field",
    "changed header",
    "changed page",
    "changed body",
    "new field",
    "other order",
    "other spelling",
]
"""What an answer differs in, the worst first."""
NOTES: Final = frozenset({"new field", "other order", "other spelling"})
"""Of these a client gets all the same what it was promised."""

Proof = Literal["always", "steady", "never"]
"""When a difference is proven: if it is in all runs; if the same stands in all runs; not at all, since time goes by."""

Known = dict[str, tuple[str, str]]
"""The values of placeholders by name, each with the place that it was first seen at."""

_ANY: Final[Template] = (Hole("any"),)
_VERBS = ("is ", "has ", "lacks ")
_SHOWN = 120
_LINES, _ELEMENTS = 40_000, 2_500  # pairs that are compared where lines, or elements of a list, are moved
_KINDS: dict[BodyKind, str] = {
    "json": "JSON",
    "html": "HTML",
    "text": "a text",
    "binary": "a binary body",
    "empty": "no body",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which an answer is not the expected one.

    `place` names where ("status", "header location", "body.items[2].title", "page"), `text` says it, `actual` is what
    stands there. `write` is the line or value to expect in its place, where time alone may have changed it.
    """

    category: Category
    place: str
    text: str
    actual: str = ""
    proof: Proof = "always"
    write: str = ""

    def is_seen_in(self, others: Iterable["Difference"]) -> bool:
        """Whether another undisturbed run differs in the same way."""
        return any(
            (self.category, self.place) == (other.category, other.place)
            and (self.proof == "always" or self.actual == other.actual)
            for other in others
        )


def compare(expected: Expected, form: Form, known: Known) -> list[Difference]:
    """All that differs, in the order of the answer; `known` grows by the values that placeholders stand for."""
    return _Comparison(known=known, recorded=date.fromisoformat(expected.recorded)).answer(expected, form)


def learn_request(expected: Expected, target: str, known: Known) -> None:
    """What the request's target holds, as far as no earlier answer has told it."""
    for each in match(expected.target, target) or ():
        known.setdefault(each.name, (each.value, "the request"))


@dataclass(slots=True, kw_only=True)
class _Comparison:
    """One answer beside the expected one."""

    known: Known
    recorded: date
    found: list[Difference] = field(default_factory=list)
    apart: dict[tuple[int, int], list[Difference]] = field(default_factory=dict)

    def answer(self, expected: Expected, form: Form) -> list[Difference]:
        if form.status != expected.status:
            self._tell("other status", "status", f"expected {expected.status}, is {form.status or 'none'}")
            return self.found
        if expected.kind != form.kind:
            self._tell("changed body", "body", f"expected {_KINDS[expected.kind]}, is {_KINDS[form.kind]}")
        elif expected.kind == "json":
            self._tree(expected.tree, form.tree, "body")
        elif expected.lines != (_ANY,):
            self._lines(expected.lines, form.lines, "page" if expected.kind == "html" else "body")
        self._headers(_by_name(expected.headers), _by_name((name, (value,)) for name, value in form.headers))
        return self.found

    def _tell(
        self, category: Category, place: str, says: str, actual: str = "", proof: Proof = "always", anew: str = ""
    ) -> None:
        place = escaped(place)
        text = f"{place}{' ' if says.startswith(_VERBS) else ': '}{escaped(says)}"
        self.found.append(Difference(category=category, place=place, text=text, actual=actual, proof=proof, write=anew))

    def _bind(self, bound: Iterable[Bound], place: str) -> None:
        for each in bound:
            value, first = self.known.setdefault(each.name, (each.value, place))
            if value != each.value:
                self._tell("wrong id", place, f"{_short(each.value)} stands where {first} has {_short(value)}")

    def _value(self, category: Category, place: str, expected: Template, actual: str, shown: str = "") -> None:
        """One text, with what it binds."""
        if (bound := match(expected, actual)) is not None:
            self._bind(bound, place)
            return
        anew = timeless(expected, self.recorded)
        in_time = match(anew, actual) if anew != expected else None
        self._bind(in_time or (), place)
        proof: Proof = "never" if in_time is not None else "always" if holes(expected) else "steady"
        wanted = _wanted(expected) if holes(expected) or not shown else _told("".join(map(str, expected)))
        told = f"expected {wanted}, is {shown or _short(actual)}"
        self._tell(category, place, told, actual, proof, write(anew) if in_time is not None else "")

    # headers

    def _headers(self, expected: Mapping[str, list[Template]], actual: Mapping[str, list[Template]]) -> None:
        for name in dict.fromkeys((*expected, *actual)):
            for template, there in zip_longest(expected.get(name, ()), actual.get(name, ())):
                place = f"header {name}"
                if there is None and template[-1:] != _ANY:
                    self._tell("changed header", place, f"expected {_wanted(template)}, is missing")
                elif there is None:
                    pass  # it may be missing
                elif template is None:
                    self._tell("changed header", place, f"not expected, is {_short(str(there[0]))}")
                else:
                    self._value("changed header", place, template, str(there[0]) if there else "")

    # JSON

    def _tree(self, expected: Tree, actual: Json, place: str) -> None:
        match expected:
            case Leaf():
                self._leaf(expected, actual, place)
            case dict() if isinstance(actual, dict):
                self._object(expected, actual, place)
            case list() if isinstance(actual, list):
                self._list(expected, actual, place)
            case Number() if isinstance(actual, Number):
                self._number(expected, actual, place)
            case str() if (
                isinstance(actual, str) and not isinstance(expected, Number) and not isinstance(actual, Number)
            ):
                self._value("changed field", place, (expected,) if expected else (), actual, _told(actual))
            case _ if expected is None or isinstance(expected, bool):
                if expected is not actual:
                    self._changed(expected, actual, place)
            case _:
                self._changed(expected, actual, place)

    def _changed(self, expected: Tree, actual: Json, place: str) -> None:
        proof: Proof = "always" if isinstance(expected, Leaf) else "steady"
        self._tell("changed field", place, f"expected {_told(expected)}, is {_told(actual)}", json.dumps(actual), proof)

    def _number(self, expected: Number, actual: Number, place: str) -> None:
        if expected == actual:
            return
        if _is_same(expected, actual):
            self._tell("other spelling", place, f"expected {expected}, is written {actual}", actual, "steady")
        elif anew := self._number_in_time(expected, actual, place):
            says = f"expected {_told(expected)}, is {_told(actual)}"
            self._tell("changed field", place, says, actual, "never", anew)
        else:
            self._changed(expected, actual, place)

    def _number_in_time(self, expected: Number, actual: Number, place: str) -> str:
        """What to expect in the place of a number that is a moment, or its part; "" if it is none."""
        if form_of(expected) == form_of(actual) == "epoch" and None not in map(instant, (expected, actual)):
            return Hole("instant", "epoch").mark
        return Hole("number").mark if is_part(place, expected, self.recorded) else ""

    def _leaf(self, expected: Leaf, actual: Json, place: str) -> None:
        if expected.template == _ANY:
            return
        counted = any(hole.kind == "id" for hole in holes(expected.template))  # an id that is a number is a whole one
        if isinstance(actual, Number) and expected.number and counted and not INTEGER.match(actual):
            self._changed(expected, actual, place)
        elif isinstance(actual, str) and isinstance(actual, Number) == expected.number:
            self._value("changed field", place, expected.template, actual, _told(actual))
        else:
            self._changed(expected, actual, place)

    def _object(self, expected: dict[str, Tree], actual: dict[str, Json], place: str) -> None:
        taken = set(expected)
        for key, item in expected.items():
            if key in actual:
                self._tree(item, actual[key], f"{place}.{key}")
            elif other := self._key_in_time(key, (each for each in actual if each not in taken)):
                taken.add(other)
                says = f"expected the key {_short(key)}, is {_short(other)}"
                self._tell("changed field", place, says, other, "never", write(_ANY))
                self._tree(item, actual[other], f"{place}.{other}")
            elif not _is_open(item):
                self._tell("missing field", f"{place}.{key}", "is missing")
        for key, there in actual.items():
            if key not in taken:
                self._new(f"{place}.{key}", key, there)

    def _new(self, place: str, key: str, value: Json) -> None:
        """A field that was not expected; what it holds may be a secret: it is not told."""
        found = list(leaks(place, key, value))
        for each in found or [place]:
            self._tell("leaked field" if found else "new field", each, "is there, and was not expected")

    def _key_in_time(self, key: str, others: Iterable[str]) -> str:
        """Which of these keys is an expected one on another day; "" if none is."""
        anew = timeless((key,), self.recorded)
        return next((each for each in others if match(anew, each) is not None), "") if anew != (key,) else ""

    def _list(self, expected: list[Tree], actual: list[Json], place: str) -> None:
        if not self._are_in_place(expected, actual) and self._is_permuted(expected, actual):
            self._tell("other order", place, "the same elements stand in another order")
            return
        for (wanted, there), _ in align(expected, actual, self._is_like, _ELEMENTS, _is_open):
            if there is None:
                self._tell("missing field", f"{place}[{wanted}]", "is missing")
            elif wanted is None:
                self._tell("changed field", f"{place}[{there}]", "is there, and was not expected")
            else:
                self._tree(expected[wanted], actual[there], f"{place}[{there}]")

    def _is_like(self, expected: Tree, actual: Json) -> bool:
        """Whether an element is an expected one, whatever its placeholders stand for, and what time has changed."""
        return all(each.category == "wrong id" or each.proof == "never" for each in self._apart(expected, actual))

    def _apart(self, expected: Tree, actual: Json) -> Sequence[Difference]:
        """What an element alone differs in; told once of each pair, since lists stand in lists."""
        pair = id(expected), id(actual)
        if pair not in self.apart:
            alone = _Comparison(known={}, recorded=self.recorded, apart=self.apart)
            alone._tree(expected, actual, "")
            self.apart[pair] = alone.found
        return self.apart[pair]

    def _are_in_place(self, expected: Sequence[Tree], actual: Sequence[Json]) -> bool:
        """Whether each element is the expected one, but for what its ids are."""
        if len(expected) != len(actual):
            return False
        apart = (self._apart(*pair) for pair in zip(expected, actual, strict=True))
        return all(each.category == "wrong id" for found in apart for each in found)

    def _is_permuted(self, expected: Sequence[Tree], actual: Sequence[Json]) -> bool:
        """Whether each element is an expected one, only not in its place."""
        left = list(actual)
        if len(left) != len(expected) or len(left) ** 2 > _ELEMENTS:
            return False
        for item in expected:
            index = next((index for index, other in enumerate(left) if not self._apart(item, other)), None)
            if index is None:
                return False
            del left[index]
        return True

    # lines

    def _lines(self, expected: Sequence[Template], actual: Sequence[str], place: str) -> None:
        category: Category = "changed page" if place == "page" else "changed body"
        before = len(self.found)
        wanted, there = [_unindented(each) for each in expected], [each.lstrip() for each in actual]
        stands = [_indent(write(each)) for each in expected], [_indent(each) for each in actual]
        gaps = _ANY in wanted  # around them a line is known by its place, too: there may be many like it

        def same(row: int, line: int) -> bool:
            return self._is_line(wanted[row], there[line]) and not (gaps and stands[0][row] != stands[1][line])

        moved = ""
        rows, lines = range(len(wanted)), range(len(there))
        for (row, line), equal in align(rows, lines, same, _LINES, lambda row: wanted[row] == _ANY):
            changed = row is not None and line is not None and _element(wanted[row]) == _element((there[line],))
            if row is not None and line is not None and (equal or changed):
                self._value(category, place, wanted[row], there[line])
                if equal and not moved and stands[0][row] != stands[1][line]:
                    moved = there[line]
                continue
            if row is not None:
                self._tell(category, place, f"lacks {_wanted(wanted[row])}")
            if line is not None:
                self._tell(category, place, f"has {_short(there[line])}, which was not expected")
        if moved and len(self.found) == before:
            self._tell(category, place, f"{_short(moved)} stands in another element")

    def _is_line(self, expected: Template, actual: str) -> bool:
        """Whether a line is an expected one; one that time has changed stands in its place."""
        return match(expected, actual) is not None or match(timeless(expected, self.recorded), actual) is not None


def _by_name(headers: Iterable[tuple[str, Template]]) -> dict[str, list[Template]]:
    """Headers by name; a cookie by its own."""
    found: dict[str, list[Template]] = {}
    for name, value in headers:
        cookie = f" {write(value).partition('=')[0]}" if name == "set-cookie" else ""
        found.setdefault(f"{name}{cookie}", []).append(value)
    return found


def _is_same(one: Number, other: Number) -> bool:
    """Whether two numbers are the same, to the last digit."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:  # with an exponent that nobody can mean
        return False


def _is_open(tree: "Tree | Json") -> bool:
    """Whether anything may stand there, or nothing; in a list, any number of elements."""
    return isinstance(tree, Leaf) and tree.template == _ANY


def _unindented(line: Template) -> Template:
    first = line[0] if line else ""
    return ((first.lstrip(), *line[1:]) if first.strip() else line[1:]) if isinstance(first, str) else line


def _element(line: Template) -> str:
    """The element that a line of a page begins; "" for a text."""
    first = line[0] if line else ""
    return first.partition(" ")[0].rstrip(">") if isinstance(first, str) and first.startswith("<") else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _wanted(template: Template) -> str:
    """What was expected: as a person says it, where it is one placeholder."""
    first = template[0] if len(template) == 1 else ""
    return first.says() if isinstance(first, Hole) else _short(write(template) or "nothing")


def _told(value: "Tree | Json") -> str:
    """A JSON value in words."""
    match value:
        case Leaf():
            return _wanted(value.template)
        case Number():
            return f"the number {value}"
        case dict():
            return "an object"
        case list():
            return f"a list of {'any length' if any(_is_open(each) for each in value) else len(value)}"
        case _:
            return _short(spelled(value))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
