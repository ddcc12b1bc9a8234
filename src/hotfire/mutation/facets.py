"""All schemas that speak of one value: through references, `allOf`, the branches of unions, conditions and patterns."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from hotfire.openapi.schema import Schema, named, parts

_DEEPEST = 12
_CONDITIONS = ("if", "then", "else")


@dataclass(slots=True)
class Facets:
    """The flat schemas of one value; `others` are branches of unions that the value is not of."""

    flat: list[Schema] = field(default_factory=list)
    others: list[Schema] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Collects facets; `definitions` is what "#/$defs/NAME" leads to."""

    definitions: dict[str, Schema]

    def of(self, schemas: list[Schema], value: object) -> Facets:
        """The facets of a value that each of these schemas speaks of."""
        found = Facets()
        for each in schemas:
            self._gather(each, value, found, 0)
        return found

    def members(self, facets: Facets, name: str) -> list[Schema]:
        """The schemas of an object's member."""
        found: list[Schema] = []
        for each in facets.flat:
            own = named(each, "properties").get(name)
            patterned = [s for pattern, s in named(each, "patternProperties").items() if _fits(pattern, name)]
            extra = each.get("additionalProperties")
            if own is not None:
                found.append(own)
            elif not patterned and isinstance(extra, dict):
                found.append(cast("Schema", extra))
            found += patterned
        return found

    def elements(self, facets: Facets, index: int) -> list[Schema]:
        """The schemas of an array's element."""
        found: list[Schema] = []
        for each in facets.flat:
            first = parts(each, "prefixItems")
            if index < len(first):
                found.append(first[index])
            elif isinstance(each.get("items"), dict):
                found.append(cast("Schema", each["items"]))
            if isinstance(each.get("contains"), dict):
                found.append(cast("Schema", each["contains"]))
        return found

    def declared(self, facets: Facets) -> dict[str, list[Schema]]:
        """The properties that are declared by name."""
        found: dict[str, list[Schema]] = {}
        for each in facets.flat:
            for name, schema in named(each, "properties").items():
                found.setdefault(name, []).append(schema)
        return found

    def _gather(self, schema: Schema, value: object, found: Facets, depth: int) -> None:
        if depth > _DEEPEST:
            return
        found.flat.append(schema)
        reference = schema.get("$ref")
        if isinstance(reference, str):
            self._gather(self.definitions[reference.rpartition("/")[2]], value, found, depth + 1)
        inner = parts(schema, "allOf") + list(named(schema, "dependentSchemas").values())
        inner += [cast("Schema", schema[key]) for key in _CONDITIONS if isinstance(schema.get(key), dict)]
        for key in ("oneOf", "anyOf"):
            branches = parts(schema, key)
            fitting = [each for each in branches if self._may_be(each, value, 0)] or branches
            inner += fitting
            found.others += [each for each in branches if each not in fitting and each.get("type") != "null"]
        for each in inner:
            self._gather(each, value, found, depth + 1)

    def _may_be(self, schema: Schema, value: object, depth: int) -> bool:
        """Whether a value looks like one of this branch: by its type, and by what tells objects apart."""
        reference = schema.get("$ref")
        if isinstance(reference, str) and depth < _DEEPEST:
            return self._may_be(self.definitions[reference.rpartition("/")[2]], value, depth + 1)
        kinds = schema.get("type")
        if isinstance(kinds, str | list) and not _is_one_of(value, kinds):
            return False
        if "const" in schema and schema["const"] != value:
            return False
        enum = schema.get("enum")
        if isinstance(enum, list) and value not in enum:
            return False
        if isinstance(value, dict):
            if not set(cast("list[str]", schema.get("required", []))) <= set(value):
                return False
            if schema.get("additionalProperties") == {"not": {}} and not set(value) <= set(named(schema, "properties")):
                return False
            known = [(value[name], each) for name, each in named(schema, "properties").items() if name in value]
            telling = [(each, s) for each, s in known if "const" in s or "enum" in s or isinstance(each, str | int)]
            if not all(self._may_be(s, each, depth + 1) for each, s in telling):
                return False
        return all(self._may_be(each, value, depth + 1) for each in parts(schema, "allOf"))


def type_of(value: object) -> str:
    """The JSON type of a value: "integer" for a whole number."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _is_one_of(value: object, kinds: str | list[str]) -> bool:
    kind = type_of(value)
    return kind in kinds or (kind == "integer" and "number" in kinds) or (kind == "number" and "integer" in kinds)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _fits(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern; one that Python cannot read is taken to fit."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(name) is not None
