"""What a document forbids, keyword by keyword of JSON Schema 2020-12: the nearest values beyond each constraint."""

from collections.abc import Callable, Iterator
from typing import cast

from hotfire.mutation.pattern import matching
from hotfire.mutation.sample import LONGEST, MANY, NOTHING, number, text, varied
from hotfire.mutation.spot import Change, Spot
from hotfire.openapi.schema import Schema

Number = int | float

_BAD_FORMATS: dict[str, tuple[str, ...]] = {
    "date": ("2023-02-30", "20230201x", "no-date"),
    "date-time": ("2023-02-30T10:00:00Z", "2023-02-01", "no-date"),
    "time": ("25:61:00Z", "no-time"),
    "email": ("no-address", "a@", "@b"),
    "uuid": ("5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9bzz", "no-uuid"),
    "uri": ("no uri", "//"),
    "ipv4": ("256.1.1.1", "no-address"),
    "ipv6": ("12345::", "no-address"),
    "hostname": ("-a-.example", "a b"),
}
_ODD_KEYS = ("", "A B", "UPPER", "lower", "0", "é~", "x" * 300)
_FILL = "aA0-_ ~"
_OTHERS: tuple[object, ...] = ({}, "other", 7, 1.5, [], True, None)


def documented(spot: Spot) -> Iterator[Change]:
    """Every constraint of every schema that speaks of the spot."""
    for facet in spot.facets:
        for keyword, constraint in CONSTRAINTS.items():
            if keyword in facet:
                yield from constraint(spot, facet)


def _minimum(spot: Spot, facet: Schema) -> Iterator[Change]:
    yield from _bound(spot, facet, "minimum", -1, "below the minimum", edge=False)


def _maximum(spot: Spot, facet: Schema) -> Iterator[Change]:
    yield from _bound(spot, facet, "maximum", 1, "above the maximum", edge=False)


def _exclusive_minimum(spot: Spot, facet: Schema) -> Iterator[Change]:
    yield from _bound(spot, facet, "exclusiveMinimum", -1, "not above", edge=True)


def _exclusive_maximum(spot: Spot, facet: Schema) -> Iterator[Change]:
    yield from _bound(spot, facet, "exclusiveMaximum", 1, "not below", edge=True)


def _bound(spot: Spot, facet: Schema, key: str, sign: int, why: str, *, edge: bool) -> Iterator[Change]:
    bound = facet[key]
    if isinstance(bound, int | float):
        step = next((each["multipleOf"] for each in spot.facets if "multipleOf" in each), 1)
        step = step if isinstance(step, int | float) else 1
        if edge:
            yield Change(keyword=key, why=f"{why} {_told(bound)}", new=_plain(bound))
        yield Change(keyword=key, why=f"{why} {_told(bound)}", new=_plain(bound + sign * step))


def _multiple_of(spot: Spot, facet: Schema) -> Iterator[Change]:
    step, value = facet["multipleOf"], spot.value
    if isinstance(step, int | float) and step:
        base = value if isinstance(value, int | float) and not isinstance(value, bool) else number(facet, whole=False)
        for off in (1, -1) if isinstance(step, int) and step > 1 else (step / 2, -step / 2):
            yield Change(keyword="multipleOf", why=f"no multiple of {_told(step)}", new=_plain(base + off))


def _min_length(spot: Spot, facet: Schema) -> Iterator[Change]:
    least = _whole(facet["minLength"])
    if 0 < least <= LONGEST:
        why = f"shorter than {least}"
        yield Change(keyword="minLength", why=why, new=_text(spot, facet)[: least - 1])
        for pattern in _told_by(spot, "pattern"):
            yield Change(keyword="minLength", why=why, new=matching(str(pattern))[: least - 1], only_proven=True)


def _max_length(spot: Spot, facet: Schema) -> Iterator[Change]:
    most = _whole(facet["maxLength"])
    why, value = f"longer than {most}", _text(spot, facet)
    if most > LONGEST:
        return
    longer = value + (value[-1:] or "x") * (most + 1 - len(value))
    yield Change(keyword="maxLength", why=why, new=longer, shows=most < 40)
    for pattern in _told_by(spot, "pattern"):
        if len(new := matching(str(pattern), most + 1)) > most:
            yield Change(keyword="maxLength", why=why, new=new, shows=most < 40, only_proven=True)
    for form in _told_by(spot, "format"):
        yield from _longer_of(str(form), value, most, why)


def _longer_of(form: str, value: str, most: int, why: str) -> Iterator[Change]:
    """Still of its format: a domain of many labels, a longer path."""
    if form in {"email", "idn-email"}:
        lacking = most + 1 - len("a@.example")
        label = "b" * 40
        domain = ".".join([label] * (lacking // 41) + ["b" * max(1, lacking % 41 or 1)])
        new = f"a@{domain}.example"
        yield Change(keyword="maxLength", why=why, new=new + "x" * (most + 1 - len(new)), shows=False, only_proven=True)
    elif form in {"uri", "url", "iri", "uri-reference"}:
        yield Change(keyword="maxLength", why=why, new=value + "/a" * most, shows=False, only_proven=True)


def _pattern(spot: Spot, facet: Schema) -> Iterator[Change]:
    value = _text(spot, facet)
    why = f"not matching {facet['pattern']}"
    least = min(max([_whole(each) for each in _told_by(spot, "minLength")], default=0), LONGEST)
    most = min([_whole(each) for each in _told_by(spot, "maxLength")], default=1 << 30)
    news = [
        value[:-1] + "~",
        value + "~",
        "~" + value[1:],
        *(each * max(1, least, min(len(value), most)) for each in _FILL),
    ]
    for new in dict.fromkeys([*news, value.upper(), value.lower(), value[:-1], f"{value[:1]} {value[1:]}"]):
        if least <= len(new) <= most:
            yield Change(keyword="pattern", why=why, new=new, only_proven=True)


def _format(spot: Spot, facet: Schema) -> Iterator[Change]:
    form = str(facet["format"])
    if spot.kind not in {"string", "null"}:
        return
    least = min(max([_whole(each) for each in _told_by(spot, "minLength")], default=0), LONGEST)
    for new in (*_BAD_FORMATS.get(form, ()), "x" * max(4, least), "0"):
        yield Change(keyword="format", why=f"no {form}", new=new, only_proven=True)


def _enum(spot: Spot, facet: Schema) -> Iterator[Change]:
    del spot
    enum = facet["enum"]
    values = cast("list[object]", enum) if isinstance(enum, list) else []
    shown = ", ".join(map(str, values[:5])) + ("…" if len(values) > 5 else "")
    for each in [value for value in values if value is not None][:1]:
        for new in _beside(each, values):
            yield Change(keyword="enum", why=f"not one of {shown}", new=new)


def _const(spot: Spot, facet: Schema) -> Iterator[Change]:
    del spot
    for new in _beside(facet["const"], [facet["const"]]):
        yield Change(keyword="const", why=f"not {facet['const']}", new=new)


def _beside(value: object, values: list[object]) -> Iterator[object]:
    """Values of the same type that are not among these."""
    news: tuple[object, ...]
    match value:
        case bool():
            news = (not value,)
        case int() | float():
            numbers = [each for each in values if isinstance(each, int | float)]
            news = (max(numbers) + 1, min(numbers) - 1)
        case str():
            news = (f"{value}x", value[:-1] + "~", value.swapcase(), "x" * len(value), value[:1] * (len(value) + 1))
        case _:
            news = ("other",)
    yield from (each for each in news if each not in values)


def _min_items(spot: Spot, facet: Schema) -> Iterator[Change]:
    least = _whole(facet["minItems"])
    if least > 0:
        yield Change(keyword="minItems", why=f"fewer than {least}", new=_array(spot, facet)[: least - 1])


def _max_items(spot: Spot, facet: Schema) -> Iterator[Change]:
    most, value = _whole(facet["maxItems"]), _array(spot, facet)
    schema = spot.sampler.flat(cast("Schema", facet["items"])) if isinstance(facet.get("items"), dict) else {}
    element = value[-1] if value else spot.sampler.value(schema)
    unique = any(_told_by(spot, "uniqueItems"))
    if most < MANY and element is not NOTHING:
        more = [varied(element, n, schema) if unique else element for n in range(1, most + 2 - len(value))]
        yield Change(keyword="maxItems", why=f"more than {most}", new=[*value, *more], shows=most < 5)


def _unique_items(spot: Spot, facet: Schema) -> Iterator[Change]:
    value = _array(spot, facet)
    if facet["uniqueItems"] is True and value:
        yield Change(keyword="uniqueItems", why="an element twice", new=[*value, value[0]])
        yield Change(keyword="uniqueItems", why="an element twice", new=[*value[:-1], value[0]], only_proven=True)


def _contains(spot: Spot, facet: Schema) -> Iterator[Change]:
    value = _array(spot, facet)
    why = "without the element asked for"
    for other in (0, *value[:3], *_OTHERS):
        yield Change(keyword="contains", why=why, new=[other] * max(1, len(value)), only_proven=True)
    if "maxContains" in facet and value:
        more = [value[0]] * (_whole(facet["maxContains"]) + 1)
        yield Change(keyword="maxContains", why="too many of one kind", new=[*value, *more], only_proven=True)


def _min_properties(spot: Spot, facet: Schema) -> Iterator[Change]:
    if isinstance(spot.value, dict):
        least, required = _whole(facet["minProperties"]), _told_by(spot, "required")
        needed = [name for each in required if isinstance(each, list) for name in each]
        kept = sorted(spot.value, key=lambda name: name not in needed)[: max(0, least - 1)]
        yield Change(keyword="minProperties", why=f"fewer than {least} members", new={k: spot.value[k] for k in kept})


def _max_properties(spot: Spot, facet: Schema) -> Iterator[Change]:
    most = _whole(facet["maxProperties"])
    if isinstance(spot.value, dict) and most < MANY:
        extra = next((each for each in _told_by(spot, "additionalProperties") if isinstance(each, dict)), {})
        sample = spot.sampler.value(cast("Schema", extra)) if extra else 1
        if spot.value and sample is NOTHING:
            sample = next(iter(spot.value.values()))
        stem = next(
            (matching(each) for pattern in _told_by(spot, "patternProperties") for each in _names(pattern)), "key"
        )
        more = {f"{stem}{n}": sample for n in range(1, most + 2 - len(spot.value))}
        new = {**spot.value, **more}
        yield Change(keyword="maxProperties", why=f"more than {most} members", new=new, shows=False)


def _property_names(spot: Spot, facet: Schema) -> Iterator[Change]:
    del facet
    if isinstance(spot.value, dict):
        sample, why = next(iter(spot.value.values()), 1), "a name that is not allowed"
        for key in _ODD_KEYS:
            yield Change(keyword="propertyNames", why=why, act="insert", key=key, new=sample, only_proven=True)


def _not(spot: Spot, facet: Schema) -> Iterator[Change]:
    forbidden = cast("Schema", facet["not"])
    new = spot.sampler.value(forbidden)
    if forbidden and new is not NOTHING:
        yield Change(keyword="not", why="what is forbidden", new=new, only_proven=True)
        if isinstance(new, dict) and isinstance(spot.value, dict):
            yield Change(keyword="not", why="what is forbidden", new={**spot.value, **new}, only_proven=True)


def _one_of(spot: Spot, facet: Schema) -> Iterator[Change]:
    """A value of no branch, and one of several."""
    made = [spot.sampler.value(each) for each in cast("list[Schema]", facet.get("oneOf", facet.get("anyOf")))]
    merged: dict[str, object] = {}
    for each in made:
        merged |= each if isinstance(each, dict) else {}
    keyword = "oneOf" if "oneOf" in facet else "anyOf"
    for new in (*_OTHERS, merged):
        told = keyword if isinstance(new, dict | list) else "type"  # for a scalar, frameworks have coercions
        yield Change(keyword=told, why="of no form that is allowed", new=new, only_proven=True)


def _text(spot: Spot, facet: Schema) -> str:
    return spot.text if spot.kind == "string" and not spot.masked else text(facet)


def _array(spot: Spot, facet: Schema) -> list[object]:
    made = spot.value if isinstance(spot.value, list) else spot.sampler.value({"type": "array", **facet})
    return cast("list[object]", made) if isinstance(made, list) else []


def _told_by(spot: Spot, key: str) -> list[object]:
    return [each[key] for each in spot.facets if key in each]


def _names(mapping: object) -> list[str]:
    return [str(each) for each in mapping] if isinstance(mapping, dict) else []


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _plain(value: Number) -> Number:
    """Without the noise of binary fractions: 0.30000000000000004 is 0.3."""
    return value if isinstance(value, int) else round(value, 12)


def _told(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


CONSTRAINTS: dict[str, Callable[[Spot, Schema], Iterator[Change]]] = {
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _exclusive_minimum,
    "exclusiveMaximum": _exclusive_maximum,
    "enum": _enum,
    "const": _const,
    "maxLength": _max_length,
    "minLength": _min_length,
    "pattern": _pattern,
    "format": _format,
    "multipleOf": _multiple_of,
    "minItems": _min_items,
    "maxItems": _max_items,
    "uniqueItems": _unique_items,
    "contains": _contains,
    "minProperties": _min_properties,
    "maxProperties": _max_properties,
    "propertyNames": _property_names,
    "not": _not,
    "oneOf": _one_of,
    "anyOf": _one_of,
}
