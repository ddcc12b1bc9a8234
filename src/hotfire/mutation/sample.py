"""A valid value for a schema: its example, default or first enumerated value, else one made to its measure.

Deterministic, and as good as the schema is plain; whoever asks validates what comes out.
"""

from dataclasses import dataclass
from math import isfinite
from typing import cast

from hotfire.mutation.pattern import matching
from hotfire.openapi.schema import Schema, named, parts

_ALPHABETS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

NOTHING = object()
"""No value was found."""

_FULL, _DEEPEST = 3, 10  # levels: below the first only what is required is made, below the second nothing
_WIDE = 12  # members of an inner object that may be left out, and are made all the same
LONGEST, MANY = 20_000, 1_000  # characters, elements: what is more is no case, but a load
_FORMATS = {
    "date": "2024-05-17",
    "date-time": "2024-05-17T09:30:00Z",
    "time": "09:30:00Z",
    "duration": "P1D",
    "email": "hotfire@example.org",
    "idn-email": "hotfire@example.org",
    "uuid": "5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10",
    "uri": "https://example.org/a",
    "url": "https://example.org/a",
    "uri-reference": "/a",
    "iri": "https://example.org/a",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "aG90ZmlyZQ==",
    "json-pointer": "/a",
    "regex": "a+",
}
_OF_OBJECTS = ("properties", "additionalProperties", "required", "patternProperties", "minProperties")
_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_OF_ARRAYS = ("items", "minItems", "maxItems", "uniqueItems", "prefixItems")
_LARGER, _SMALLER = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """Makes values; with `told` false, no example or default is taken."""

    definitions: dict[str, Schema]
    told: bool = True

    def value(self, schema: Schema, depth: int = 0) -> object:
        """A value for the schema, or NOTHING."""
        flat = self.flat(schema)
        if depth > _DEEPEST or flat.get("not") == {}:
            return NOTHING
        kind = kind_of(flat)
        told = self._told(flat) if kind != "object" or "const" in flat else NOTHING
        if told is not NOTHING:
            return told
        match kind:
            case "object":
                return self._object(flat, depth)
            case "array":
                return self._array(flat, depth)
            case "string":
                return text(flat)
            case "integer" | "number":
                return number(flat, whole=kind == "integer")
            case _:
                return True if kind == "boolean" else None

    def _told(self, flat: Schema) -> object:
        """What the schema itself gives as a value, or NOTHING."""
        if self.told:
            examples = flat.get("examples")
            for each in (flat.get("example"), *(examples if isinstance(examples, list) else ()), flat.get("default")):
                if each not in (None, []):  # of an empty list, no element could be made wrong
                    return each
        if "const" in flat:
            return flat["const"]
        enum = flat.get("enum")
        return next((each for each in enum if each is not None), None) if isinstance(enum, list) else NOTHING

    def flat(self, schema: Schema, depth: int = 0) -> Schema:
        """The schema with its references, its `allOf` and the first branch of its unions joined into one."""
        if depth > _DEEPEST:
            return {}
        flat = {key: value for key, value in schema.items() if key not in {"$ref", "allOf", "anyOf", "oneOf"}}
        inner = parts(schema, "allOf")
        if isinstance(reference := schema.get("$ref"), str):
            inner = [self.definitions[reference.rpartition("/")[2]], *inner]
        for union in (parts(schema, "oneOf"), parts(schema, "anyOf")):
            inner = inner + [each for each in union if each.get("type") != "null"][:1]
        for each in inner:
            flat = joined(flat, self.flat(each, depth + 1))
        return flat

    def _object(self, flat: Schema, depth: int) -> object:
        example = flat.get("example", flat.get("default")) if self.told else None
        made: dict[str, object] = dict(example) if isinstance(example, dict) else {}
        required = cast("list[str]", flat.get("required", []))
        for n, (name, each) in enumerate(named(flat, "properties").items()):
            fits = depth == 0 or (depth < _FULL and n < _WIDE)
            wanted = name in required or (fits and self.flat(each).get("readOnly") is not True)
            if name not in made and wanted and (value := self.value(each, depth + 1)) is not NOTHING:
                made[name] = value
        extra = flat.get("additionalProperties", {})
        for name in required:
            if name not in made and isinstance(extra, dict):
                made[name] = self.value(extra, depth + 1)
        if (not made and depth < _FULL) or len(made) < _least(flat, "minProperties"):
            lacking = max(1, _least(flat, "minProperties")) - len(made)
            made |= self._entries(flat, min(lacking, MANY), depth)
        return NOTHING if NOTHING in made.values() else made

    def _entries(self, flat: Schema, many: int, depth: int) -> dict[str, object]:
        """Entries of a map, by name."""
        extra, patterns = flat.get("additionalProperties"), named(flat, "patternProperties")
        names = flat.get("propertyNames")
        if patterns:
            pattern, schema = next(iter(patterns.items()))
            return {matching(pattern): self.value(schema, depth + 1)}
        if not isinstance(extra, dict) or extra == {"not": {}}:
            return {}
        keys = [self.value({"type": "string", **names})] if isinstance(names, dict) else []
        keys += [f"key{n}" if n else "key" for n in range(many - len(keys))]
        return {str(key): self.value(extra, depth + 1) for key in keys if key is not NOTHING}

    def _array(self, flat: Schema, depth: int) -> object:
        made = [self.value(each, depth + 1) for each in parts(flat, "prefixItems")]
        items = flat.get("items", flat.get("contains"))
        least = max(_least(flat, "minItems"), int(depth < _FULL and not made))
        if least > MANY:
            return NOTHING
        if isinstance(items, dict) and flat.get("maxItems") != 0:
            first = self.value(items, depth + 1)
            while len(made) < least:
                made.append(varied(first, len(made), self.flat(items)) if flat.get("uniqueItems") else first)
        made = [each for each in made if each is not NOTHING]
        return made if len(made) >= _least(flat, "minItems") else NOTHING


def kind_of(schema: Schema) -> str:
    """The type that a flat schema asks for, of several the first; by its other keywords where it names none."""
    kinds = schema.get("type")
    told = [each for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)]
    if told:
        return next((each for each in told if each != "null"), "null")
    for kind, keywords in (("object", _OF_OBJECTS), ("array", _OF_ARRAYS), ("number", _OF_NUMBERS)):
        if any(key in schema for key in keywords):
            return kind
    return "string"


def joined(one: Schema, other: Schema) -> Schema:
    """Both schemas in one: of bounds the closer, of lists what they have in common or together."""
    both = {**one, **other}
    for key in set(one) & set(other):
        mine, theirs = one[key], other[key]
        if key == "properties":
            properties = {**named(one, key), **named(other, key)}
            for name in set(named(one, key)) & set(named(other, key)):
                properties[name] = {"allOf": [named(one, key)[name], named(other, key)[name]]}
            both[key] = properties
        elif key in {"required", "enum"} and isinstance(mine, list) and isinstance(theirs, list):
            both[key] = [*dict.fromkeys((*mine, *theirs))] if key == "required" else [e for e in mine if e in theirs]
        elif key in _LARGER + _SMALLER and isinstance(mine, int | float) and isinstance(theirs, int | float):
            both[key] = max(mine, theirs) if key in _LARGER else min(mine, theirs)
    return both


def text(schema: Schema, usual: str = "text") -> str:
    """A text for a flat schema."""
    least, most = min(_least(schema, "minLength"), LONGEST), schema.get("maxLength")
    if isinstance(pattern := schema.get("pattern"), str):
        return matching(pattern, least)
    made = _FORMATS.get(str(schema.get("format")), usual)
    if len(made) < least:
        made += "x" * (least - len(made))
    return made[:most] if isinstance(most, int) else made


def number(schema: Schema, *, whole: bool) -> int | float:
    """A number for a flat schema: 1 if it may be, else the nearest that may."""
    step = schema.get("multipleOf", 1 if whole else 0)
    step = step if isinstance(step, int | float) else 0
    low, high = _bound(schema, "minimum", "exclusiveMinimum"), _bound(schema, "maximum", "exclusiveMaximum")
    room = step or 0.5
    if high is not None and low is not None and not whole:
        room = min(room, (high[0] - low[0]) / 4) or room
    made: int | float = step or 1
    if low is not None and made < low[0] + low[1] * room:
        made = low[0] + low[1] * room
    if high is not None and made > high[0] - high[1] * room:
        made = high[0] - high[1] * room
    if step and isfinite(made / step):
        made = round(made / step) * step
        made += step if low is not None and made < low[0] + low[1] * step / 2 else 0
    return int(made) if whole or float(made).is_integer() else made


def varied(value: object, n: int, schema: Schema) -> object:
    """A value like this one, and another for each n; n = 0 is the value itself."""
    enum = schema.get("enum")
    if n == 0:
        return value
    if isinstance(enum, list) and enum:
        return enum[n % len(enum)]
    match value:
        case bool() | None:
            return not value
        case int() | float():
            step = schema.get("multipleOf", 1)
            return value + n * (step if isinstance(step, int | float) else 1)
        case str():
            return _other_text(value, n)
        case list():
            return [varied(each, n, {}) for each in value] or [n]
        case dict():
            return {key: varied(each, n, named(schema, "properties").get(key, {})) for key, each in value.items()}
        case _:
            return value


def _other_text(value: str, n: int) -> str:
    """A text of the same length with other letters or digits, another for each n; a pattern is likely to hold."""
    letters = list(value)
    for at in range(len(value) - 1, -1, -1):
        alphabet = next((each for each in _ALPHABETS if value[at] in each), "")
        if alphabet and n:
            letters[at] = alphabet[(alphabet.index(value[at]) + n) % len(alphabet)]
            n //= len(alphabet)
    return "".join(letters) + "a" * n


def _least(schema: Schema, key: str) -> int:
    value = schema.get(key, 0)
    return int(value) if isinstance(value, int | float) else 0


def _bound(schema: Schema, key: str, exclusive: str) -> tuple[int | float, int] | None:
    """A bound, and 1 where it is itself out of bounds."""
    for name, open_ in ((exclusive, 1), (key, 0)):
        value = schema.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value, open_
    return None
