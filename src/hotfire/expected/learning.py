"""From undisturbed runs to expected responses: what is the same in all of them, with placeholders for what is not.

A value is known by how it reads in each run, one text for each: where two places agree in every run, one value stands
in both, and the placeholder binds. What reads as made up (a UUID, a moment near now) is a placeholder although it is
the same in all runs: `prepare` may make it anew on another day.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from hotfire.equality import reading
from hotfire.equality.atoms import node_name
from hotfire.equality.record import Json, Number
from hotfire.expected.document import Expected, Leaf, Tree
from hotfire.expected.form import HEADERS, Form, form_of_reply, spelled
from hotfire.expected.moments import IN_ISO, ISO, SPELLED, form_of, is_near
from hotfire.expected.placeholders import Hole, Kind, Template, joined, write
from hotfire.expected.rows import Row, margin, rows_of
from hotfire.model.history import Reply
from hotfire.model.step import Step

Values = tuple[str, ...]
"""How one value reads in each run."""

_UUID = r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}(?![0-9a-zA-Z])"  # RFC 9562
_ULID = r"[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9a-zA-Z])"
_WAYS: Final = tuple(
    re.compile(rf"(?P<made>{_UUID}|{_ULID})|(?P<moment>{moment})|(?P<word>{word})|(?P<sign>.)", re.DOTALL)
    for moment, word in (
        (f"{IN_ISO}|{SPELLED}", rf"(?:[A-Za-z0-9]|_(?!{SPELLED}))+"),
        (IN_ISO, r"[A-Za-z0-9_]+"),
        (f"{IN_ISO}|{SPELLED}", r"[\w\-+.~%=]+"),
        (IN_ISO, r"[\w\-+.~%=]+"),
    )
)
"""Ways to take a text apart: in fine or coarse words (a token of base64url is one, wherever its signs stand), and first
with moments in any spelling, which some texts seem to hold and others of the same kind do not."""

_Token = tuple[str, str]
"""A part of a text: which group of the expression it is, and what it says."""

_TOKEN = 20  # characters: longer ones have no meaning that a person would look for
_ENOUGH = 3
_ANY = Leaf(template=(Hole("any"),))


def learn(
    path: str,
    steps: Sequence[Step],
    runs: Sequence[Sequence[Reply]],
    sent: Mapping[int, Sequence[str]],
    now: datetime,
) -> list[Expected | str]:
    """What each step of a path is expected to answer; in words what its answers differ in, where they are not steady.

    `runs` are undisturbed plays of the whole path, a reply for each step: three or more from one beginning, and some
    from another, since made-up values are the same for one beginning. `sent` are the targets of the steps in the runs
    of which they are known, by the run's index. `now` is the moment of the recording.
    """
    forms = [[form_of_reply(replies[index]) for replies in runs] for index in range(len(steps))]
    targets = [{run: of[index] for run, of in sent.items()} for index in range(len(steps))]
    counting = _Names(now=now)
    _all(path, steps, forms, targets, counting)
    return _all(path, steps, forms, targets, _Names(now=now, counted=counting.uses))


def _all(
    path: str,
    steps: Sequence[Step],
    forms: Sequence[Sequence[Form]],
    targets: Sequence[Mapping[int, str]],
    names: "_Names",
) -> list[Expected | str]:
    learners = [_Learner(step=step, names=names) for step in steps]
    found = [_disagreement(each) or learner.expected(path, each) for learner, each in zip(learners, forms, strict=True)]
    return [
        each if isinstance(each, str) else replace(each, target=learner.target(sent))
        for each, learner, sent in zip(found, learners, targets, strict=True)
    ]


def _disagreement(forms: Sequence[Form]) -> str:
    """What keeps the undisturbed answers of a step from being compared; empty if nothing does."""
    seen: dict[str, list[str]] = {
        "status": [str(form.status) for form in forms],
        "kind of body": [str(form.kind) for form in forms],
    }
    for what, values in seen.items():
        if len(set(values)) > 1:
            told = " or ".join(dict.fromkeys(value or "none" for value in values))
            return f"undisturbed runs do not agree in the {what}: {told}"
    return ""


@dataclass(slots=True, kw_only=True)
class _Names:
    """The names of generated values, given in the order in which they are met.

    `uses` counts the places of each value. Once they are `counted`, a value that stands in one place only has no name.
    """

    now: datetime
    counted: Counter[Values] | None = None
    uses: Counter[Values] = field(default_factory=Counter)
    given: dict[Values, Hole] = field(default_factory=dict)
    hints: Counter[str] = field(default_factory=Counter)

    def hole(self, values: Values, hint: str, kind: Kind) -> Hole:
        """The placeholder for a value; it binds where the value stands more than once, and not by chance."""
        key = tuple(map(node_name, values))
        self.uses[key] += 1
        if not _is_known_by(key) or (self.counted and self.counted[key] < 2):  # a place of its own
            return Hole(kind)
        if key not in self.given:
            self.given[key] = Hole(kind, self._free(hint))
        return self.given[key]

    def sent(self, values: Mapping[int, str]) -> Hole | None:
        """The placeholder for a value that stands in a request, as it reads in some of the runs."""
        wanted = {run: node_name(value) for run, value in values.items()}
        telling = len(set(wanted.values())) > 1 or all(map(reading.is_long, wanted.values()))
        for key, hole in self.given.items():
            if telling and all(key[run] == value for run, value in wanted.items()):
                self.uses[key] += 1
                return hole
        return None

    def _free(self, hint: str) -> str:
        """A name that no other value has: post, post-2."""
        plain = re.sub(r"[^A-Za-z0-9_.]+", "", hint).strip(".") or "value"
        self.hints[plain] += 1
        return f"{plain}-{self.hints[plain]}" if self.hints[plain] > 1 else plain


_Header = tuple[str, str, int]
"""A header's name, the cookie that it sets, and which one of that name it is."""


def _headers_of(form: Form) -> dict[_Header, str]:
    found: dict[_Header, str] = {}
    for name, value in form.headers:
        cookie = value.partition("=")[0] if name == "set-cookie" else ""
        found[name, cookie, sum((name, cookie) == each[:2] for each in found)] = value
    return found


def _is_known_by(values: Values) -> bool:
    """Whether two places with these values hold the same one: they are long, or new in every run."""
    return all(map(reading.is_long, values)) or len(set(values)) == len(values) >= _ENOUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learner:
    """One step's answers, while what they have in common is found."""

    step: Step
    names: _Names

    def expected(self, path: str, forms: Sequence[Form]) -> Expected:
        body = self._body(forms)
        return Expected(
            path=path,
            step=self.step.key,
            target=(),
            status=forms[0].status,
            headers=tuple(self._headers([_headers_of(form) for form in forms])),
            kind=forms[0].kind,
            body=body,
            recorded=self.names.now.astimezone(UTC).date().isoformat(),
        )

    def _headers(self, runs: Sequence[Mapping[_Header, str]]) -> Iterator[tuple[str, Template]]:
        """The headers by name; one that some runs do not have may be missing."""
        for header in sorted({header: None for run in runs for header in run}, key=lambda each: HEADERS.index(each[0])):
            name, cookie, _ = header
            values = [run[header] for run in runs if header in run]
            steady = len(values) == len(runs)
            yield (
                name,
                self.text(values, self._noun) if steady else joined((f"{cookie}=" if cookie else "", Hole("any"))),
            )

    def target(self, sent: Mapping[int, str]) -> Template:
        """The request's target: what an earlier answer gave stands in it under that name."""
        columns = _columns(list(sent.values()), self.names.now)
        return (Hole("text"),) if columns is None else joined(self._sent(sent, column) for column in columns)

    def _sent(self, runs: Iterable[int], column: Sequence[_Token]) -> str | Hole:
        texts = {run: text for run, (_, text) in zip(runs, column, strict=True)}
        return self.names.sent(texts) or (column[0][1] if len(set(texts.values())) == 1 else Hole("id"))

    def _body(self, forms: Sequence[Form]) -> str:
        if forms[0].kind == "json":
            return _Printer().text(self.tree([form.tree for form in forms], self._noun))
        return "\n".join(map(self._line, rows_of([form.lines for form in forms])))

    def _line(self, row: Row | None) -> str:
        if row is None:
            return write((Hole("any"),))
        return margin(row[0]) + write(self.text([line.lstrip() for line in row], self._noun))

    @property
    def _noun(self) -> str:
        """What the step is about: "post" of /api/posts/{id}."""
        words = [part for part in self.step.route.split("/") if re.fullmatch(r"[A-Za-z_-]+", part)]
        word = words[-1].lower() if words else self.step.method.lower()
        return word[:-1] if word.endswith("s") and not word.endswith("ss") else word

    # JSON

    def tree(self, trees: Sequence[Json], hint: str) -> Tree:
        """What JSON values have in common; `hint` is the noun of what they belong to."""
        objects = [tree for tree in trees if isinstance(tree, dict)]
        lists = [tree for tree in trees if isinstance(tree, list)]
        if len(objects) == len(trees):
            return self._object(objects, hint)
        if len(lists) == len(trees):
            return self._list(lists, hint)
        return self._leaf(trees, hint)

    def _object(self, trees: Sequence[dict[str, Json]], hint: str) -> Tree:
        common = [key for key in trees[0] if all(key in tree for tree in trees)]
        if not common and any(trees):
            return _ANY
        found: dict[str, Tree] = {}
        for key in trees[0]:
            found[key] = self.tree([tree[key] for tree in trees], _hint(key, hint)) if key in common else _ANY
        return found | {key: _ANY for tree in trees for key in tree if key not in found}

    def _list(self, trees: Sequence[list[Json]], hint: str) -> Tree:
        if len({len(tree) for tree in trees}) > 1:
            return [_ANY]  # any number of them
        return [self.tree(list(each), hint) for each in zip(*trees, strict=True)]

    def _leaf(self, trees: Sequence[Json], hint: str) -> Tree:
        texts = [tree for tree in trees if isinstance(tree, str)]
        numbers = [isinstance(tree, Number) for tree in trees]
        if len(texts) == len(trees) and len(set(numbers)) == 1:
            return self._number(texts, hint) if numbers[0] else self._text(texts, hint)
        same = all(type(tree) is type(trees[0]) and tree == trees[0] for tree in trees)
        first = trees[0]
        return first if same and not isinstance(first, dict | list) else _ANY

    def _text(self, texts: Sequence[str], hint: str) -> Tree:
        template = self.text(texts, hint)
        whole = "".join(part for part in template if isinstance(part, str))
        return Leaf(template=template) if any(isinstance(part, Hole) for part in template) else whole

    def _number(self, texts: Sequence[str], hint: str) -> Tree:
        if all(form_of(text) == "epoch" and is_near(text, self.names.now) for text in texts):
            return Leaf(template=(Hole("instant", "epoch"),), number=True)
        if len(set(texts)) == 1:
            return Number(texts[0])
        if any(form in text for text in texts for form in ("NaN", "Infinity")):
            return _ANY
        whole = all(reading.INTEGER.match(text) for text in texts) and _is_known_by(tuple(texts))
        hole = self.names.hole(tuple(texts), hint, "id") if whole else Hole("number")
        return Leaf(template=(hole,), number=True)

    # texts

    def text(self, texts: Sequence[str], hint: str) -> Template:
        """What texts have in common, with placeholders between."""
        if (columns := _columns(texts, self.names.now)) is not None:
            return joined(self._token(column, hint) for column in columns)
        if any(re.search(r"\s|\A\Z", text) for text in texts):
            return (Hole("text"),)
        return (self.names.hole(tuple(texts), hint, "token"),)

    def _token(self, column: Sequence[_Token], hint: str) -> str | Hole:
        kind, values = column[0][0], tuple(value for _, value in column)
        if kind == "moment":
            return self._moment(values)
        if kind != "made" and len(set(values)) == 1:
            return values[0]
        long = kind != "made" and all(len(value) >= _TOKEN for value in values)
        return self.names.hole(values, hint, "token" if long else "id")

    def _moment(self, values: Values) -> str | Hole:
        forms = {form_of(value) for value in values}
        fraction = "." in values[0] and not forms.isdisjoint({"zone", "naive"})
        if len(set(values)) == 1 and not fraction and not is_near(values[0], self.names.now):
            return values[0]
        return Hole("instant", forms.pop()) if len(forms) == 1 else Hole("text")


def _columns(texts: Sequence[str], now: datetime) -> list[tuple[_Token, ...]] | None:
    """The parts of texts, side by side; None where they are not made alike."""
    for tokens in _WAYS:
        taken = {text: [(each.lastgroup or "", each[0]) for each in tokens.finditer(text)] for text in set(texts)}
        if len({len(each) for each in taken.values()}) == 1:
            columns = list(zip(*(taken[text] for text in texts), strict=True))
            if all(_is_aligned(column, now) for column in columns):
                return columns
    return None


def _is_aligned(column: Sequence[_Token], now: datetime) -> bool:
    """Whether the texts agree in what stands here: a sign is the same in all, and a word meets no sign.

    What varies, and reads as a moment in figures or words, may be a number or a version: it is one if it is near.
    """
    kinds, texts = {kind for kind, _ in column}, {text for _, text in column}
    if kinds == {"moment"}:
        forms = set(map(form_of, texts))
        near = len(forms) == 1 and all(is_near(text, now) for text in texts)
        return len(texts) == 1 or near or forms.issubset(ISO)
    if "sign" in kinds or "moment" in kinds:
        return len(kinds) == 1 and len(texts) == 1
    return True


def _hint(key: str, around: str) -> str:
    """What a field's value is called: the id of a post is "post", an author_id "author"."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()
    if plain in {"id", "pk", "uuid", "_id"}:
        return around
    return re.sub(r"_(?:id|pk|uuid)\Z", "", plain)


@dataclass(frozen=True, slots=True)
class _Printer:
    """JSON as it stands in a file: two spaces of indentation, the order of the first run's keys."""

    def text(self, tree: Tree) -> str:
        return "".join(self._parts(tree, "\n"))

    def _parts(self, tree: Tree, margin: str) -> Iterator[str]:
        match tree:
            case dict() if tree:
                pairs = [(f"{_quoted(key)}: ", item) for key, item in tree.items()]
                yield from self._items("{", pairs, "}", margin)
            case list() if tree:
                yield from self._items("[", [("", item) for item in tree], "]", margin)
            case dict() | list():
                yield "{}" if isinstance(tree, dict) else "[]"
            case Leaf():
                text = write(tree.template)
                yield text if tree.number else spelled(text)
            case Number():
                yield str(tree)
            case str():
                yield _quoted(tree)
            case _:
                yield json.dumps(tree)

    def _items(self, begin: str, items: Sequence[tuple[str, Tree]], end: str, margin: str) -> Iterator[str]:
        inner = f"{margin}  "
        yield begin
        for index, (name, item) in enumerate(items):
            yield f"{',' if index else ''}{inner}{name}"
            yield from self._parts(item, inner)
        yield f"{margin}{end}"


def _quoted(text: str) -> str:
    return spelled(write((text,)))
