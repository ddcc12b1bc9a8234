"""Documents with one constraint less: does the one-place mutator notice? The bodies lie in `bodies/`, a file each.

A removal is noticed where some case is invalid under the document and valid under the weakened one, both judged by
jsonschema-rs. Left out is what no request can notice, because what else stands there forbids the same: a `type` beside
an `enum` of it, `minProperties` beside as many that are required, a read-only field that is required, a format that
nobody checks, and what a file lists as `implied`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hotfire.editing import Message, edited
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.mutation import Case, cases, filled, filling
from hotfire.openapi import Document, Judge, Operation

BODIES = Path(__file__).parent / "bodies"
JSON = "application/json"

_WHOLE = (
    *("type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"),
    *("exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "contains", "minProperties"),
    *("maxProperties", "additionalProperties", "propertyNames", "unevaluatedProperties", "not", "then", "else"),
    *("oneOf", "anyOf"),
)
_INNER = ("items", "additionalProperties", "contains", "propertyNames", "then", "else")  # less in `if` or `not` is more
_LISTS, _MAPS = ("allOf", "anyOf", "oneOf", "prefixItems"), ("properties", "patternProperties")
_UNCHECKED = ("decimal", "password", "binary", "byte")
_PYTHON = {"string": str, "integer": int, "number": (int, float), "boolean": bool}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A recorded body and its document's schemas; the first is "Body"."""

    name: str
    openapi: str
    body: object
    schemas: dict[str, object]
    about: str
    implied: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """The recorded request."""
        headers = (("content-type", JSON),)
        return Request(method="POST", target="/it", headers=headers, body=json.dumps(self.body))

    def operation(self, schemas: dict[str, object] | None = None) -> Operation:
        """The operation, of these schemas if any are given."""
        root = {
            "openapi": self.openapi,
            "paths": {"/it": {"post": {"requestBody": {"content": {JSON: {"schema": _reference("Body")}}}}}},
            "components": {"schemas": schemas or self.schemas},
        }
        found = Document.of(root, self.name).operation("POST", "/it")
        assert found is not None
        return found

    def filled(self) -> Request:
        """The recorded request with all that the document declares beside."""
        return filled(self.request, filling(self.request, self.operation()))


@dataclass(slots=True)
class Noticed:
    """The removals of one body that a case notices, and those that none does."""

    noticed: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def bodies() -> list[Body]:
    """All of them, by name."""
    read = ((file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in sorted(BODIES.glob("*.json")))
    return [Body(name=name, **{**told, "implied": tuple(told.get("implied", ()))}) for name, told in read]


def weighed(body: Body) -> Noticed:
    """Every single-constraint removal of a body, tried."""
    sent = body.filled()
    wrong = [
        _value(sent, case) for case in cases(sent, body.operation()) if case.proven and case.pointer.startswith("/body")
    ]
    found = Noticed()
    for place, weaker in removals(body.schemas):
        if any(place.startswith(each) for each in body.implied):
            continue
        validator = Judge.of(body.operation(weaker)).body(JSON)
        assert validator is not None
        (found.noticed if any(map(validator.is_valid, wrong)) else found.missed).append(place)
    return found


def removals(schemas: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Each constraint that can be taken away by itself: its place, and the schemas without it."""
    told = json.dumps(schemas)
    for tokens, keyword, item in _constraints(schemas, ()):
        weaker = json.loads(told)
        node: object = weaker
        for token in tokens:
            node = node[token]  # type: ignore[index]
        assert isinstance(node, dict)
        if item is None:
            del node[keyword]
        elif isinstance(node[keyword], list):
            node[keyword].remove(item)
        else:
            del node[keyword][item]
        yield pointer_of(*tokens, keyword, *([] if item is None else [item])), weaker


def _constraints(
    node: object, tokens: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str, str | None]]:
    if not tokens:
        assert isinstance(node, dict)
        for name, schema in node.items():
            yield from _constraints(schema, (name,))
        return
    if not isinstance(node, dict):
        return
    yield from ((tokens, keyword, None) for keyword in _WHOLE if keyword in node and not _redundant(node, keyword))
    for keyword in ("required", "dependentRequired"):
        read_only = [
            name for name, each in node.get("properties", {}).items() if each is not True and each.get("readOnly")
        ]
        yield from ((tokens, keyword, name) for name in node.get(keyword, ()) if name not in read_only)
    for key in _INNER:
        yield from _constraints(node.get(key), (*tokens, key))
    for key in _LISTS:
        for n, each in enumerate(node.get(key, ())):
            yield from _constraints(each, (*tokens, key, n))
    for key in _MAPS:
        for name, each in node.get(key, {}).items():
            yield from _constraints(each, (*tokens, key, name))


def _redundant(node: dict[str, object], keyword: str) -> bool:
    """What the other keywords beside it say already, or what forbids nothing."""
    value = node[keyword]
    match keyword:
        case "type":
            members = [node["const"]] if "const" in node else node.get("enum")
            return isinstance(members, list) and all(_is_of(each, value) for each in members)
        case "minProperties":
            return isinstance(value, int) and value <= len(list(node.get("required", ())))
        case "format":
            return value in _UNCHECKED or (value in {"int32", "int64"} and {"minimum", "maximum"} <= set(node))
        case "additionalProperties" | "unevaluatedProperties":
            return value in (True, {})
        case _:
            return False


def _is_of(value: object, kinds: object) -> bool:
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(value is None if kind == "null" else isinstance(value, _PYTHON[kind]) for kind in names)


def _value(sent: Request, case: Case) -> object:
    message = Message(target=sent.target, headers=((b"content-type", JSON.encode()),), body=sent.content)
    return json.loads(edited(message, [case.edit]).body)


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
