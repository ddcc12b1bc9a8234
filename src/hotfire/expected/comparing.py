"""An answer compared with the expected one: what differs, in a person's words."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, Literal

from hotfire.equality.reading import INSTANTS
from hotfire.equality.record import Json, Number
from hotfire.expected.aligning import align
from hotfire.expected.document import Expected, Leaf, Tree
from hotfire.expected.form import BodyKind, Form
from hotfire.expected.matching import Bound, match
from hotfire.expected.placeholders import Hole, Template, form_of, holes, write

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

_SECRET = re.compile(
    r"pass(?:word|wd|phrase)?(?![a-z])|pwd|secret|token|salt|hash|private|ssn|iban|cvv|cvc|internal", re.IGNORECASE
)
_MOMENT = re.compile(rf"{INSTANTS.pattern}|\d{{4}}-\d\d-\d\d(?!\d)")
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
    stands there.
    """

    category: Category
    place: str
    text: str
    actual: str = ""
    proof: Proof = "always"

    def is_seen_in(self, others: Iterable["Difference"]) -> bool:
        """Whether another undisturbed run differs in the same way."""
        return any(
            (self.category, self.place) == (other.category, other.place)
            and (self.proof == "always" or self.actual == other.actual)
            for other in others
        )


def compare(expected: Expected, form: Form, known: Known) -> list[Difference]:
    """All that differs, in the order of the answer; `known` grows by the values that placeholders stand for."""
    return _Comparison(known=known).answer(expected, form)


def learn_request(expected: Expected, target: str, known: Known) -> None:
    """What the request's target holds, as far as no earlier answer has told it."""
    for each in match(expected.target, target) or ():
        known.setdefault(each.name, (each.value, "the request"))


@dataclass(slots=True, kw_only=True)
class _Comparison:
    """One answer beside the expected one."""

    known: Known
    found: list[Difference] = field(default_factory=list)

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

    def _tell(self, category: Category, place: str, says: str, actual: str = "", proof: Proof = "always") -> None:
        text = f"{place}{' ' if says.startswith(_VERBS) else ': '}{says}"
        self.found.append(Difference(category=category, place=place, text=text, actual=actual, proof=proof))

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
        literal = "".join(map(str, expected)) if not holes(expected) else ""
        proof: Proof = "always" if holes(expected) else "never" if _differ_in_time(literal, actual) else "steady"
        wanted = _wanted(expected) if holes(expected) or not shown else _told(literal)
        self._tell(category, place, f"expected {wanted}, is {shown or _short(actual)}", actual, proof)

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
        if float(expected) == float(actual):
            self._tell("other spelling", place, f"expected {expected}, is written {actual}", actual, "steady")
        else:
            self._changed(expected, actual, place)

    def _leaf(self, expected: Leaf, actual: Json, place: str) -> None:
        if expected.template == _ANY:
            return
        if isinstance(actual, str) and isinstance(actual, Number) == expected.number:
            self._value("changed field", place, expected.template, actual, _told(actual))
        else:
            self._changed(expected, actual, place)

    def _object(self, expected: dict[str, Tree], actual: dict[str, Json], place: str) -> None:
        for key, item in expected.items():
            if key in actual:
                self._tree(item, actual[key], f"{place}.{key}")
            elif not (isinstance(item, Leaf) and item.template == _ANY):
                self._tell("missing field", f"{place}.{key}", "is missing")
        for key in actual:
            if key not in expected:  # what it holds may be a secret: it is not told
                category: Category = "leaked field" if _SECRET.search(key) else "new field"
                self._tell(category, f"{place}.{key}", "is there, and was not expected")

    def _list(self, expected: list[Tree], actual: list[Json], place: str) -> None:
        if len(expected) == len(actual) and self._in_place(expected, actual, place):
            return
        pairs = list(align(expected, actual, _is_like, _ELEMENTS))
        if not all(equal for _, equal in pairs) and len(expected) == len(actual) and _is_permuted(expected, actual):
            self._tell("other order", place, "the same elements stand in another order")
            return
        for (wanted, there), _ in pairs:
            if there is None:
                self._tell("missing field", f"{place}[{wanted}]", "is missing")
            elif wanted is None:
                self._tell("changed field", f"{place}[{there}]", "is there, and was not expected")
            else:
                self._tree(expected[wanted], actual[there], f"{place}[{there}]")

    def _in_place(self, expected: list[Tree], actual: list[Json], place: str) -> bool:
        """Whether each element is the expected one, but for what its ids are; else nothing is told of them yet."""
        before, known = len(self.found), dict(self.known)
        for index, (item, other) in enumerate(zip(expected, actual, strict=True)):
            self._tree(item, other, f"{place}[{index}]")
        if all(each.category == "wrong id" for each in self.found[before:]):
            return True
        del self.found[before:]
        self.known.clear()
        self.known.update(known)
        return False

    # lines

    def _lines(self, expected: Sequence[Template], actual: Sequence[str], place: str) -> None:
        category: Category = "changed page" if place == "page" else "changed body"
        before = len(self.found)
        wanted, there = [_unindented(each) for each in expected], [each.lstrip() for each in actual]
        moved = ""
        for (row, line), equal in align(wanted, there, lambda one, other: match(one, other) is not None, _LINES):
            changed = row is not None and line is not None and _element(wanted[row]) == _element((there[line],))
            if row is not None and line is not None and (equal or changed):
                self._value(category, place, wanted[row], there[line])
                if equal and not moved and _indent(write(expected[row])) != _indent(actual[line]):
                    moved = there[line]
                continue
            if row is not None:
                self._tell(category, place, f"lacks {_wanted(wanted[row])}")
            if line is not None:
                self._tell(category, place, f"has {_short(there[line])}, which was not expected")
        if moved and len(self.found) == before:
            self._tell(category, place, f"{_short(moved)} stands in another element")


def _by_name(headers: Iterable[tuple[str, Template]]) -> dict[str, list[Template]]:
    """Headers by name; a cookie by its own."""
    found: dict[str, list[Template]] = {}
    for name, value in headers:
        cookie = f" {write(value).partition('=')[0]}" if name == "set-cookie" else ""
        found.setdefault(f"{name}{cookie}", []).append(value)
    return found


def _is_like(expected: Tree, actual: Json) -> bool:
    """Whether an element is an expected one, whatever its placeholders stand for."""
    comparison = _Comparison(known={})
    comparison._tree(expected, actual, "")  # noqa: SLF001  # its own class's
    return not comparison.found


def _is_permuted(expected: Sequence[Tree], actual: Sequence[Json]) -> bool:
    """Whether each element is an expected one, only not in its place."""
    left = list(actual)
    if len(left) ** 2 > _ELEMENTS:
        return False
    for item in expected:
        index = next((index for index, other in enumerate(left) if _is_like(item, other)), None)
        if index is None:
            return False
        del left[index]
    return True


def _differ_in_time(expected: str, actual: str) -> bool:
    """Whether two texts differ only in moments that are written alike: `prepare` may have been run on another day."""

    def by_form(found: re.Match[str]) -> str:
        return f"\0{form_of(found[0])}"

    return _MOMENT.sub(by_form, expected) == _MOMENT.sub(by_form, actual)


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
            return f"a list of {len(value)}"
        case _:
            return _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
