"""What a place's name promises: identifiers of nothing, ends before beginnings, fields that are nobody's to set."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import cast

from hotfire.mutation.facets import type_of
from hotfire.mutation.sample import Sampler
from hotfire.mutation.spot import Change, Spot
from hotfire.openapi.schema import Schema, named

_IDENTIFIER = re.compile(
    r"(^|_)(id|ids|uuid|uuids|guid|pk|ref)$|[a-z](Id|Ids|ID|Uuid|UUID)$|^(id|uuid|pk)$", re.IGNORECASE
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PAIRS = (
    *(("start", "end"), ("starts", "ends"), ("begin", "end"), ("from", "to"), ("from", "until"), ("min", "max")),
    *(("minimum", "maximum"), ("since", "until"), ("after", "before"), ("lower", "upper"), ("low", "high")),
    *(("check_in", "check_out"), ("checkin", "checkout"), ("open", "close"), ("opens", "closes"), ("gte", "lte")),
)
_NOBODY, _NO_UUID = 2_000_000_011, "00000000-0000-4000-8000-00000000dead"
CANARY = 987_654_321
"""The number that a privileged field is given: nothing else is likely to be it."""
_INSTANT = "2001-02-03T04:05:06Z"
_PRIVILEGED: dict[str, object] = {
    "is_admin": True,
    "role": "admin",
    "owner_id": CANARY,
    "id": CANARY,
    "created_at": _INSTANT,
    "price": 0.01,
    "user_id": CANARY,
    "is_superuser": True,
    "is_staff": True,
    "verified": True,
    "balance": CANARY,
    "status": "approved",
}
_MOST_SHOWN = 12


_POWER = re.compile(r"(is)?(admin|superuser|staff|verified)|roles?|balance")


def is_power(name: str) -> bool:
    """Whether a field of this name gives its owner rights or money: is_admin, role, balance."""
    return _POWER.fullmatch(bare(name)) is not None


def is_identifier(name: str) -> bool:
    """Whether a name is one of something elsewhere: post_id, userId, ids."""
    return _IDENTIFIER.search(name) is not None


def bare(name: str) -> str:
    """A name however it is spelled: `isAdmin`, `is_admin`, `is-admin`."""
    return name.replace("_", "").replace("-", "").lower()


def dangling(spot: Spot) -> Iterator[Change]:
    """An identifier of nothing: of the right type, and right to be refused; a broken foreign key else."""
    if not is_identifier(spot.key) and spot.part != "path":
        return
    if spot.kind == "integer":
        yield Change(keyword="dangling", why="which identifies nothing", new=_NOBODY)
    elif isinstance(spot.value, str) and spot.value and not spot.masked:
        new = _NO_UUID if _UUID.fullmatch(spot.value) else str(_NOBODY) if spot.value.isdecimal() else "hotfire-nothing"
        yield Change(keyword="dangling", why="which identifies nothing", new=new)


def reversed_range(spot: Spot) -> Iterator[Change]:
    """An end before its beginning: the end alone is changed."""
    for partner in _beginnings(spot.key):
        if partner in spot.around and (new := _below(spot.around[partner])) is not None:
            yield Change(keyword="range", why=f"below {partner}", new=new)
            return


@lru_cache(maxsize=1000)
def _beginnings(key: str) -> tuple[str, ...]:
    """What the beginning may be called, if this is the name of an end."""
    return tuple(name for low, high in _PAIRS if (name := _partner(key, high, low)))


def _partner(key: str, high: str, low: str) -> str:
    """The name of the beginning: endDate, end_date → startDate, start_date; "" where the name has no such word."""
    for old, new in ((high, low), (high.title(), low.title()), (high.upper(), low.upper())):
        before = "(?<![A-Z])" if old[0].isupper() else "(?<![a-zA-Z])"
        if found := re.search(rf"{before}{old}(?![a-z])", key):
            return key[: found.start()] + new + key[found.end() :]
    return ""


def _below(value: object) -> object:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value - 1
    if not isinstance(value, str):
        return None
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            earlier = parse(value) - timedelta(days=1)
        except (ValueError, OverflowError):
            continue
        told = earlier.isoformat()
        return f"{told.removesuffix('+00:00')}Z" if value.endswith("Z") else told
    return None


def privileged(spot: Spot) -> Iterator[Change]:
    """Fields that the service sets itself, sent by a client: mass assignment. What stands around is what to send."""
    if spot.pointer != "/body" or spot.kind != "object":
        return
    present = cast("dict[str, object]", spot.value)
    declared = {name for each in spot.facets for name, s in named(each, "properties").items() if not s.get("readOnly")}
    for name, canary in spot.around.items():
        if name not in present and name not in declared:
            yield Change(keyword="privileged", why="which the service sets itself", act="insert", key=name, new=canary)


def canaries(declared: dict[str, Schema], answered: Mapping[str, object]) -> dict[str, object]:
    """What to send for fields that are nobody's to set: those that answers declare and show first, then a short list.

    Each is of the type that is shown or declared, and nothing that a service is likely to store by itself; where only
    some values are allowed, one of them that is not the one that was shown.
    """
    names = list(dict.fromkeys((*answered, *declared)))[:_MOST_SHOWN]
    found = {name: _canary(name, declared.get(name, {}), answered.get(name)) for name in names}
    found |= {name: value for name, value in _PRIVILEGED.items() if name not in found}
    return {name: value for name, value in found.items() if value is not None}


def _canary(name: str, schema: Schema, shown: object) -> object:
    """None: there is none that tells anything."""
    allowed = schema.get("enum")
    if isinstance(allowed, list):
        return next((each for each in reversed(allowed) if each is not None and each != shown), None)
    if shown is None:
        shown = Sampler(definitions={}).value(schema) if schema else None
    usual = _PRIVILEGED.get(name)
    return usual if usual is not None and (shown is None or type_of(usual) == type_of(shown)) else _like(shown)


def _like(shown: object) -> object:
    match shown:
        case bool():
            return not shown
        case int():
            return CANARY
        case float():
            return CANARY + 0.5
        case str() if re.match(r"\d{4}-\d\d-\d\d", shown):
            return _INSTANT if len(shown) > 10 else _INSTANT[:10]
        case str() if _UUID.fullmatch(shown):
            return _NO_UUID
        case str():
            return "hotfire-canary"
        case _:
            return None
