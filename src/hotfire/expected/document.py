"""An expected response as a file: a head in TOML, the request, status and headers, the body.

    step = "author POST /api/posts #1"
    recorded = "2026-11-28"
    reviewed = "2026-11-28 ann"
    body = "json"
    ---
    POST /api/posts
    ---
    201
    content-type: application/json
    location: /api/posts/<id:post>
    ---
    {
      "id": <id:post>,
      "title": "Hello"
    }

`hotfire record` writes it as `launch/expected/PATH/STEP.txt`; a person reads it, and writes name and date into
`reviewed`. Placeholders: placeholders.py. Bodies: form.py.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Never

from hotfire import toml
from hotfire.equality.record import Json, Number
from hotfire.errors import UsageError
from hotfire.expected.form import KINDS, BodyKind, loaded
from hotfire.expected.placeholders import MARK, Hole, Template, misspelt, read, write

REVIEWED: Final = 'reviewed = "2026-11-28 ann"'
_RULE = "---"
_PARTS = 4
_KEYS = ("step", "recorded", "reviewed", "body")
_TOKENS = re.compile(rf'"(?:[^"\\]|\\.)*"|(?P<hole>{MARK.pattern})', re.DOTALL)
_NUMBER_MARK = "\0"
_ANY: Final[Template] = (Hole("any"),)
_PARAMETER = re.compile(r"(\{[^}]*\})")
_ONE = "0"  # what stands in a segment, as far as the route goes
_ONE_SEGMENT = ("id", "number", "instant")
_SLUG = re.compile(r"[^A-Za-z0-9]+")
_AGAIN = "or remove the file and run `hotfire record`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A value of an expected JSON body with placeholders in it; `number`: it stands without quotes."""

    template: Template
    number: bool = False


Tree = bool | str | Number | Leaf | None | list["Tree"] | dict[str, "Tree"]
"""An expected JSON body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a step is expected to answer. `body` is the text as it stands in the file, `place` the file's name."""

    path: str
    step: str
    target: Template
    status: int
    headers: tuple[tuple[str, Template], ...]
    kind: BodyKind
    body: str
    recorded: str
    reviewed: str = ""
    place: str = ""

    @property
    def lines(self) -> tuple[Template, ...]:
        """A body that is no JSON, line by line."""
        return tuple(map(read, self.body.split("\n"))) if self.body else ()

    @property
    def tree(self) -> Tree:
        """A JSON body, with a `Leaf` where placeholders stand."""
        return _tree(_loaded(self.body))

    @property
    def uncompared(self) -> tuple[str, ...]:
        """Where anything may stand, as a person finds it: "header vary", "body.items[]", "page behind <ul>"."""
        headers = [f"header {name}" for name, template in self.headers if template[-1:] == _ANY]
        if self.kind == "json":
            return (*headers, *_open_places(self.tree, "body"))
        whole = "page" if self.kind == "html" else "body"
        lines = self.body.split("\n")
        behind = [
            f"{whole} behind {lines[index - 1].strip()}" if index else whole
            for index, line in enumerate(lines)
            if read(line.strip()) == _ANY
        ]
        return (*headers, *behind)

    def same_as(self, other: "Expected") -> bool:
        """Whether the same is expected, whoever reviewed it."""
        return replace(self, recorded="", reviewed="", place="") == replace(other, recorded="", reviewed="", place="")


def _open_places(tree: Tree, place: str) -> Iterator[str]:
    match tree:
        case Leaf():
            if tree.template == _ANY:
                yield place
        case dict():
            for key, item in tree.items():
                yield from _open_places(item, f"{place}.{key}")
        case list():
            for index, item in enumerate(tree):
                yield from _open_places(item, f"{place}[{index if len(tree) > 1 else ''}]")
        case _:
            pass


def name_of(step: str) -> str:
    """The file's name for a step: "author POST /api/posts/{id} #1" → "author-POST-api-posts-id-1.txt"."""
    return f"{_SLUG.sub('-', step).strip('-')}.txt"


def parse(text: str, place: str) -> Expected:
    """One file; its critical path is the folder that it lies in.

    Raises:
        UsageError: it cannot be meant; names the file, the line, and what to write.
    """
    return _File(place=place, parts=_parted(text)).expected()


def _parted(text: str) -> list[list[str]]:
    """The parts between the first three rules; the body may hold more of them."""
    parts: list[list[str]] = [[]]
    for line in (each.rstrip() for each in text.rstrip("\n").split("\n")):
        if line == _RULE and len(parts) < _PARTS:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file, read part by part."""

    place: str
    parts: list[list[str]]

    def expected(self) -> Expected:
        if len(self.parts) < _PARTS:
            self._fail(0, f"has {len(self.parts) - 1} lines {_RULE!r} where there are three", f"write {_RULE}")
        head, request, answer, body = self.parts
        known = self._head(head)
        status, *headers = answer or [""]
        if not re.fullmatch(r"[1-5]\d\d", status.strip()):
            self._fail(self._line(2), f"has the status {status!r}", "write the status alone, as 201")
        for part in (1, 2, 3):
            self._spelt(part)
        kind = next((each for each in KINDS if each == known["body"]), None)
        if kind is None:
            self._fail(
                self._line_of("body"),
                f"has the body {known['body']!r}",
                f'write body = "json", or {", ".join(KINDS[1:])}',
            )
        found = Expected(
            path=self._path(),
            step=known["step"],
            target=self._target(known["step"], " ".join(request)),
            status=int(status),
            headers=tuple(self._headers(headers)),
            kind=kind,
            body="\n".join(body),
            recorded=self._day("recorded", known["recorded"]),
            reviewed=self._reviewed(known["reviewed"]),
            place=self.place,
        )
        if kind == "json":
            self._json(found.body)
        return found

    def _path(self) -> str:
        folders = self.place.split("/")
        return folders[-2] if len(folders) > 1 else ""

    def _line(self, part: int) -> int:
        """The number of a part's first line."""
        return 1 + sum(len(each) + 1 for each in self.parts[:part])

    def _line_of(self, key: str) -> int:
        """The number of the line of the head that sets a key."""
        lines = enumerate(self.parts[0], 1)
        return next((number for number, line in lines if re.match(rf"""\s*["']?{re.escape(key)}\b""", line)), 1)

    def _head(self, lines: list[str]) -> Mapping[str, str]:
        known = toml.document("\n".join(lines), self.place, hint=_AGAIN, wrong="has a head that is no TOML")
        for key, value in known.items():
            if key not in _KEYS:
                self._fail(self._line_of(key), f"has the unknown key {key!r}", f"there is {', '.join(_KEYS)}")
            if not isinstance(value, str):
                self._fail(self._line_of(key), f"has a {key} that is no text", f'write {key} = "…", in quotes')
        for key in _KEYS:
            if key not in known:
                self._fail(1, f"has no {key}", f'write {key} = "…"')
        return {key: str(value) for key, value in known.items()}

    def _target(self, step: str, request: str) -> Template:
        """What is asked for; it must be the step's own request, since nothing else is answered."""
        method, _, asked = request.partition(" ")
        target = read(asked.strip())
        _, wanted, route, *_ = [*step.split(" "), "", ""]
        path = "".join(part if isinstance(part, str) else _ONE for part in target).partition("?")[0]
        pattern = "".join("[^/]+" if part[:1] == "{" else re.escape(part) for part in _PARAMETER.split(route))
        told = all(isinstance(part, str) or part.kind in _ONE_SEGMENT for part in target)
        if route and (method != wanted or (told and not re.fullmatch(pattern, path))):
            problem = f"asks {request.strip()!r}, and is of the step {step!r}"
            self._fail(self._line(1), problem, f"write {wanted} {route} with its values")
        return target

    def _day(self, key: str, text: str) -> str:
        if not toml.day(text):
            self._fail(self._line_of(key), f"has a {key} that is no day: {text!r}", f'write {key} = "2026-11-28"')
        return text

    def _reviewed(self, text: str) -> str:
        if text.strip():
            day, *who = text.split(maxsplit=1)
            if not who:
                self._fail(self._line_of("reviewed"), f"has a reviewed without a name: {text!r}", f"write {REVIEWED}")
            self._day("reviewed", day)
        return text.strip()

    def _headers(self, lines: Iterable[str]) -> Iterator[tuple[str, Template]]:
        for number, line in enumerate(lines, self._line(2) + 1):
            name, colon, value = line.partition(":")
            if not colon or not re.fullmatch(r"[\w-]+", name.strip()):
                self._fail(number, f"has {line!r} among the headers", "write name: value")
            yield name.strip().lower(), read(value.strip())

    def _spelt(self, part: int) -> None:
        for number, line in enumerate(self.parts[part], self._line(part)):
            if wrong := misspelt(line):
                hint = "write <id:NAME>, <token>, <text>, <number>, <instant:zone> or <any>; a literal < as <lt>"
                self._fail(number, f"has the placeholder {wrong}, which does not exist", hint)

    def _json(self, body: str) -> None:
        try:
            _loaded(body)
        except json.JSONDecodeError as error:
            self._fail(self._line(3) + error.lineno - 1, f"has a body that is no JSON: {error.msg}", "mend it")
        except ValueError as error:
            self._fail(self._line(3), f"has a body that cannot be read: {error}", 'write body = "text"')

    def _fail(self, line: int, problem: str, hint: str) -> Never:
        where = f"{self.place}:{line}" if line else self.place
        raise UsageError(f"{where} {problem}", hint=f"{hint}; {_AGAIN}")


def _loaded(body: str) -> Json:
    """The JSON of a body whose numbers may be placeholders; a text that is one keeps a mark of its own."""

    def quoted(token: re.Match[str]) -> str:
        return f'"\\u0000{token["hole"]}"' if token["hole"] else token[0]

    return loaded(_TOKENS.sub(quoted, body))


def _tree(tree: Json) -> Tree:
    match tree:
        case dict():
            return {_key(key): _tree(item) for key, item in tree.items()}
        case list():
            return [_tree(item) for item in tree]
        case Number():
            return tree
        case str():
            number = tree.startswith(_NUMBER_MARK) and bool(MARK.fullmatch(tree[1:]))
            template = read(tree[1:] if number else tree)
            literal = not any(isinstance(part, Hole) for part in template)
            return "".join(map(str, template)) if literal else Leaf(template=template, number=number)
        case _:
            return tree


def _key(key: str) -> str:
    return "".join(part if isinstance(part, str) else part.mark for part in read(key))


def written(expected: Expected) -> str:
    """The file's text."""
    head = {
        "step": expected.step,
        "recorded": expected.recorded,
        "reviewed": expected.reviewed,
        "body": expected.kind,
    }
    parts = [
        [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()],
        [f"{expected.step.split(' ')[1]} {write(expected.target)}"],
        [str(expected.status), *(f"{name}: {write(template)}" for name, template in expected.headers)],
        [expected.body] if expected.body else [],
    ]
    return f"\n{_RULE}\n".join("\n".join(part) for part in parts).rstrip("\n") + "\n"
