"""Whether a request is valid by its operation: judged by jsonschema-rs, one compiled validator for each place.

Text in a URL, a form, a header or a cookie has no type of its own: it is invalid only if every way in which a
framework may read it is ("1" as text, number and true). A format is judged no more strictly than Python's frameworks
take it: an instant without an offset is one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qsl, unquote

import jsonschema_rs
import msgspec

from hotfire.errors import UsageError
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.openapi.operation import Operation, Parameter
from hotfire.openapi.schema import Schema, may_be, named, resolved

Validator = jsonschema_rs.Draft202012Validator

MASK = re.compile(r"‹\w+:[^›]*›")
"""A secret's stable name: what stood there is not known here, so nothing is said of it."""

_UUID = re.compile(r"(urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?\d{1,400}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]|%20)\d\d:\d\d")
_TRUE, _FALSE = ("true", "1", "on", "yes", "t", "y"), ("false", "0", "off", "no", "f", "n")


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except (ValueError, re.error):
        return False
    return True


def _is_instant(text: str) -> bool:
    return bool(_INSTANT.match(text)) and _parses(datetime.fromisoformat, text.upper())


_FORMATS: dict[str, Callable[[str], bool]] = {
    "date-time": _is_instant,
    "time": lambda text: _parses(time.fromisoformat, text.upper()),
    "uuid": lambda text: bool(_UUID.fullmatch(text)),
    "duration": lambda text: bool(re.search(r"\d", text)),  # ISO 8601's, or "3 00:00:10": each framework has its own
    "uri": lambda text: ":" in text,
    "regex": lambda text: _parses(re.compile, text),
}


def compiled(schema: Schema, definitions: dict[str, Schema]) -> Validator:
    """A validator of a normalised schema.

    Raises:
        ValueError: it is no schema; a jsonschema_rs.ValidationError, whose `instance_path` is the place in it.
    """
    whole = {**schema, "$defs": definitions} if definitions else schema
    return Validator(whole, validate_formats=True, formats=_FORMATS)


def readings(text: str) -> Iterator[object]:
    """The JSON values as which a framework may read a text."""
    yield text
    if _INTEGER.fullmatch(text):
        yield int(text)
    elif _NUMBER.fullmatch(text):
        number = float(text)
        yield number
        if number.is_integer():
            yield int(number)
    if (lower := text.lower()) in _TRUE:
        yield True
    elif lower in _FALSE:
        yield False
    elif lower in {"", "null", "none"}:
        yield None


@dataclass(slots=True, kw_only=True)
class Judge:
    """The validators of one operation, compiled when they are first asked for."""

    operation: Operation
    _compiled: dict[tuple[str, ...], Validator] = field(default_factory=dict)

    @classmethod
    def of(cls, operation: Operation) -> "Judge":
        """The judge of an operation."""
        return cls(operation=operation)

    def body(self, media_type: str) -> Validator | None:
        """Of a JSON body of this media type; None where it is not declared.

        Raises:
            UsageError: its schema is none.
        """
        body = self.operation.body(media_type)
        return self._validator(("body", body.media_type), body.schema) if body else None

    def takes(self, parameter: Parameter, texts: list[str]) -> bool:
        """Whether a parameter may be sent with these texts, one for each time that it stands there; true if unsure.

        Raises:
            UsageError: its schema is none.
        """
        validator = self._validator((parameter.where, parameter.name), parameter.schema)
        if not parameter.judged:
            return True  # even where it is missing: what it holds may be sent under names of their own
        if not any(texts) and not parameter.required:
            return True  # nothing behind the equals sign is taken for nothing at all
        return bool(texts) and not all(surely_not(validator, each) for each in self._read(parameter, texts))

    def field(self, media_type: str, name: str) -> Parameter | None:
        """A field of a form, as a parameter; None where the form has none of this name.

        A part of a form may be a file, of which nothing is judged.
        """
        body = self.operation.body(media_type)
        schema = resolved(body.schema, self.operation.definitions) if body else {}
        declared = named(schema, "properties").get(name)
        if declared is None:
            return None
        required = name in cast("list[str]", schema.get("required", []))
        whole = resolved(declared, self.operation.definitions)
        is_file = whole.get("format") == "binary" or "contentMediaType" in whole
        judged = not is_file and not may_be("object", declared, self.operation.definitions)
        return Parameter(name=name, where="query", schema=declared, required=required, judged=judged)

    def objection(self, request: Request) -> str:
        """What of a request is invalid by the operation, in a sentence; "": nothing that is known to be.

        Raises:
            UsageError: a schema is none.
        """
        return next(self._objections(request), "")

    def _objections(self, request: Request) -> Iterator[str]:
        query = parse_qsl(request.query, keep_blank_values=True)
        for each in self.operation.parameters:
            if each.where == "query":
                texts = [value for name, value in query if name in {each.name, f"{each.name}[]"}]
                if not self.takes(each, texts):
                    yield _objecting(f"query parameter {each.name!r}", texts)
            elif each.where == "header":
                text = request.header(each.name) or ""
                if text and not MASK.search(text) and not self.takes(each, [text]):
                    yield _objecting(f"header {each.name!r}", [text])
        for name, text in path_values(self.operation.template, request.path).items():
            for each in self.operation.parameters:
                if each.where == "path" and each.name == name and not self.takes(each, [text]):
                    yield _objecting(f"path parameter {name!r}", [text])
        yield from self._objections_to_body(request)

    def _objections_to_body(self, request: Request) -> Iterator[str]:
        kind = request.media_type
        if request.body and self.operation.bodies and self.operation.body(kind) is None:
            yield f"a body of {kind or 'no content type'} is not declared"
        if not kind.endswith("json"):
            return
        validator = self.body(kind)
        try:
            value = msgspec.json.decode(request.content)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return
        if validator is not None and not validator.is_valid(value) and not MASK.search(request.body):
            error = next(iter(validator.iter_errors(value)))
            yield f"body{pointer_of(*error.instance_path)}: {error.message}"

    def _read(self, parameter: Parameter, texts: list[str]) -> Iterator[object]:
        """What the texts may be: one value, or the elements of an array."""
        yield from readings(texts[-1])
        if not may_be("array", parameter.schema, self.operation.definitions):
            return
        elements = [piece for text in texts for piece in (text.split(parameter.joint) if parameter.joint else [text])]
        yield elements
        yield [next(reversed([*readings(each)])) for each in elements]
        yield [next((value for value in readings(each) if not isinstance(value, str)), each) for each in elements]

    def _validator(self, place: tuple[str, ...], schema: Schema) -> Validator:
        found = self._compiled.get(place)
        if found is None:
            try:
                found = self._compiled[place] = compiled(schema, self.operation.definitions)
            except ValueError as error:
                told, at = self.operation, pointer_of(*getattr(error, "instance_path", ()))
                where = f"{told.document}: {told.method} {told.template}: {' '.join(place)}{at}"
                raise UsageError(
                    f"{where}: {getattr(error, 'message', error)}",
                    hint="correct the schema there, or name another document: [tool.hotfire.service] openapi",
                ) from None
        return found


def path_values(template: str, path: str) -> dict[str, str]:
    """The texts that stand in the template's parameters, by name; none where the path is not of the template."""
    found = shape_of(template).fullmatch(path)
    return dict(zip(names_in(template), map(unquote, found.groups()), strict=True)) if found else {}


def names_in(template: str) -> list[str]:
    """The names of a template's parameters, or of those of one of its segments."""
    return re.findall(r"\{([^}]*)\}", template)


@lru_cache(maxsize=1000)
def shape_of(template: str) -> re.Pattern[str]:
    """What a path of the template, or a segment, looks like: a group for each parameter."""
    pieces = re.split(r"(\{[^}]*\})", template)
    return re.compile("".join("(.+)" if piece.startswith("{") else re.escape(piece) for piece in pieces))


def surely_not(validator: Validator, value: object) -> bool:
    """Whether the value is invalid; one that no JSON text can hold as it stands (a lone surrogate) is not judged."""
    try:
        return not validator.is_valid(value)
    except ValueError:
        return False


def _objecting(place: str, texts: list[str]) -> str:
    return f"{place} is required" if not texts else f"{place} may not be {', '.join(map(repr, texts))}"
