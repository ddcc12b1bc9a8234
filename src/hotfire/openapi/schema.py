"""Schemas of a document, normalised to JSON Schema 2020-12: one dialect for all that comes after.

OpenAPI 3.0 and Swagger 2 (`nullable`, Boolean `exclusiveMinimum`, a `$ref` that makes its siblings void) and 3.1 alike.
References become "#/$defs/NAME", what they lead to stands in `definitions`. Where a document is looser than its letter
in practice, the looser reading is taken, for nothing may be proven invalid that its authors meant to be valid:

    nullable beside enum, $ref or allOf     null is valid, though the letter of 3.0.3 denies it
    a read-only property that is required   required in answers alone (3.0.3, "readOnly")
    a pattern that is no ECMA 262           Python's spellings are translated; what still cannot be read is left out
    a bound beyond 10^300, or null          is none
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import jsonschema_rs

from hotfire.model.pointer import pointer_of
from hotfire.openapi.tree import Node, Tree

Schema = dict[str, object]

_PLAIN = (
    *("type", "enum", "const", "required", "dependentRequired", "format", "default", "example", "examples"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "readOnly", "minLength", "maxLength"),
    *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties"),
)
_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")
_ONE_MORE = ("unevaluatedItems", "unevaluatedProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_BOUNDING = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength")
_TELLING = {"array": ("items", "prefixItems"), "object": ("properties", "additionalProperties", "patternProperties")}
_ENDLESS = 10.0**300
_BOUNDS = {"int32": 2**31, "int64": 2**63}
_PYTHON = ((r"\Z", "$"), (r"\A", "^"), ("(?P<", "(?<"))


@dataclass(slots=True, kw_only=True)
class Normaliser:
    """Reads schemas of one document; what their references lead to gathers in `definitions`."""

    tree: Tree
    loose: bool
    """Whether `$ref` voids its siblings: before 3.1."""
    definitions: dict[str, Schema] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def read(self, value: object, where: str) -> Schema:
        """The schema at this place.

        Raises:
            UsageError: it is none, or a reference leads nowhere.
        """
        if isinstance(value, bool):
            return {} if value else {"not": {}}
        node = self.tree.node(value, where)
        if isinstance(node.get("$ref"), str):
            return self._referring(node, where)
        schema = {key: node[key] for key in _PLAIN if key in node and not _is_no_bound(key, node[key])}
        self._names_of(node, "required", where)
        schema |= {
            key: self.read(node[key], where + pointer_of(key))
            for key in (*_ONE, *_ONE_MORE)
            if key in node and not isinstance(node[key], list)
        }
        for key in _LISTS:
            if key in node:
                members = enumerate(self.tree.items(node[key], where + pointer_of(key)))
                schema[key] = [self.read(member, where + pointer_of(key, n)) for n, member in members]
        for key in _MAPS:
            if key in node:
                named = self.tree.node(node[key], where + pointer_of(key)).items()
                schema[key] = {name: self.read(member, where + pointer_of(key, name)) for name, member in named}
        if isinstance(node.get("pattern"), str):
            schema |= {"pattern": pattern} if (pattern := readable(str(node["pattern"]))) else {}
        return _nullable(self._of_today(schema, node), node)

    def _names_of(self, node: Node, key: str, where: str) -> None:
        for each in self.tree.items(node.get(key), where + pointer_of(key)):
            if not isinstance(each, str):
                raise self.tree.wrong(where + pointer_of(key), f"names should stand here, not {each!r}")

    def _referring(self, node: Node, where: str) -> Schema:
        reference = str(node["$ref"])
        name = self._names.get(reference)
        if name is None:
            name = self._names[reference] = self._named(reference)
            self.tree.followed(node, where)  # or it may go round
            self.definitions[name] = {}
            self.definitions[name] = self.read(self.tree.target(reference, where), reference[1:])
        schema: Schema = {"$ref": f"#/$defs/{name}"}
        if not self.loose:
            siblings = {key: value for key, value in node.items() if key != "$ref"}
            schema |= self.read(siblings, where) if siblings else {}
        return _nullable(schema, node)

    def _named(self, reference: str) -> str:
        """A name that is free: the last of the reference, letters and digits."""
        name = "".join(letter if letter.isalnum() else "_" for letter in reference.rpartition("/")[2])
        return name if name not in self.definitions else f"{name}_{len(self.definitions)}"

    def _of_today(self, schema: Schema, node: Node) -> Schema:
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            told = schema.get(exclusive)
            if isinstance(told, bool):  # 3.0 and before
                del schema[exclusive]
                if told and bound in schema:
                    schema[exclusive] = schema.pop(bound)
        if isinstance(node.get("items"), list):  # tuples before 2020-12
            schema["prefixItems"] = [self.read(each, "") for each in cast("list[object]", node["items"])]
        if schema.get("type") == "file":  # Swagger 2
            del schema["type"]
        required = schema.get("required")
        if isinstance(required, list):
            in_answers = {name for name, member in self._properties(schema) if member.get("readOnly") is True}
            schema["required"] = [name for name in required if name not in in_answers]
        return _bounded(schema)

    def _properties(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        for name, member in cast("dict[str, Schema]", schema.get("properties", {})).items():
            reference = str(member.get("$ref", ""))
            yield name, {**self.definitions.get(reference.rpartition("/")[2], {}), **member}


def _is_no_bound(key: str, value: object) -> bool:
    """Whether a bound is beyond any value, and beyond what can be reckoned with; or null, which generators write."""
    return (value is None and key in _BOUNDING) or (isinstance(value, int | float) and abs(value) > _ENDLESS)


def _bounded(schema: Schema) -> Schema:
    """With the bounds that `int32` and `int64` stand for; one that is told and closer stays."""
    limit = _BOUNDS.get(str(schema.get("format")))
    kinds = schema.get("type")
    if limit and ("integer" in kinds if isinstance(kinds, list) else kinds == "integer"):
        if not {"minimum", "exclusiveMinimum"} & set(schema):
            schema["minimum"] = -limit
        if not {"maximum", "exclusiveMaximum"} & set(schema):
            schema["maximum"] = limit - 1
    return schema


def _nullable(schema: Schema, node: Node) -> Schema:
    if node.get("nullable") is not True and node.get("x-nullable") is not True:
        return schema
    kind = schema.get("type")
    if isinstance(kind, str) and not {"enum", "const", "allOf", "anyOf", "oneOf", "not", "$ref"} & set(schema):
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def parts(schema: Schema, key: str) -> list[Schema]:
    """The subschemas of a keyword that holds a list."""
    return cast("list[Schema]", schema.get(key, []))


def named(schema: Schema, key: str) -> dict[str, Schema]:
    """The subschemas of a keyword that holds a mapping."""
    return cast("dict[str, Schema]", schema.get(key, {}))


def resolved(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """What the schema's reference leads to, with what stands beside the reference; the schema itself without one."""
    while isinstance(reference := schema.get("$ref"), str):
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**definitions[reference.rpartition("/")[2]], **siblings}
    return schema


_DEEPEST = 4


def may_be(kind: str, schema: Schema, definitions: dict[str, Schema], depth: int = _DEEPEST) -> bool:
    """Whether a schema speaks of values of this type, "array" or "object": itself or a part; true if unsure."""
    schema = resolved(schema, definitions)
    if isinstance(kinds := schema.get("type"), str | list):
        return kind in kinds
    inner = [each for key in ("allOf", "anyOf", "oneOf") for each in parts(schema, key)]
    if any(key in schema for key in _TELLING[kind]) or (inner and depth == 0):
        return True
    return any(may_be(kind, each, definitions, depth - 1) for each in inner)


@lru_cache(maxsize=1000)
def readable(pattern: str) -> str:
    """The pattern as jsonschema-rs reads it, or "" where it cannot."""
    translated = pattern
    for python, ecma in _PYTHON:
        translated = translated.replace(python, ecma)
    for each in (pattern, translated):
        try:
            jsonschema_rs.Draft202012Validator({"pattern": each})
        except ValueError:
            continue
        return each
    return ""
