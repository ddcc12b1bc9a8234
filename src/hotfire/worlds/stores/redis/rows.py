"""Keys and values of Redis as rows: what a key held at one moment and what at another, told as row changes.

    table                  columns
    NAME:string:FAMILY     key, value, expires
    NAME:hash:FAMILY       key, expires, and one named after the field; else field, value
    NAME:list:FAMILY       key, place (from 0, at the head), value, expires
    NAME:set:FAMILY        key, member, expires
    NAME:zset:FAMILY       key, member, score, expires
    NAME:stream:FAMILY     key, id, fields (JSON), expires
    NAME:group:FAMILY      key, group, read_to       NAME:pending:FAMILY   key, group, id, consumer, deliveries

The FAMILY is the word that a key begins with ("cart" of "cart:7f3a"), left out where there is none: so that a team can
leave keys of one kind out of the state (`ignore = ["cache:string:rate"]`), and what is learned of one kind of keys
holds for no other. A database other than 0 stands behind the name: "cache-3:list:jobs".

`expires` says whether a key ends, and about when: null, "in minutes" (up to 400 s), "in hours" (up to 40 h), "in days".
The bounds lie where no usual time to live is a little above, so that a slow run says the same as a quick one; a lost
expiry differs. How binary values read is told in `unpacked.py`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from hotfire.model.history import Row
from hotfire.worlds.stores.redis import unpacked
from hotfire.worlds.stores.redis.client import Reply

Identity: TypeAlias = tuple[str, ...]
Difference: TypeAlias = tuple[str, Row | None, Row | None]
"""A kind of row ("hash"), and the row before and after."""

MINUTES, HOURS = 400_000, 40 * 3_600_000  # ms
READS: dict[str, tuple[str, tuple[str, ...]]] = {
    "string": ("GET", ()),
    "hash": ("HGETALL", ()),
    "list": ("LRANGE", ("0", "-1")),
    "set": ("SMEMBERS", ()),
    "zset": ("ZRANGE", ("0", "-1", "WITHSCORES")),
    "stream": ("XINFO", ("FULL", "COUNT", "0")),
}
"""How a value is read: the command, and what follows the key. XINFO's key stands behind STREAM."""

_FAMILY = re.compile(
    r":?(?:\d{1,3}:)?"  # Django's begin with ":1:"
    r"([A-Za-z]+(?:[_.-][A-Za-z]+)*(?=[:|#/])|[a-z]+(?:[_.-][a-z]+)*\Z)"  # a token of letters alone is none
)
_NAME = re.compile(r"[a-z]+(?:[_.:-]?[A-Z]?[a-z]+)*\Z")
_LONGEST_NAME = 40
_OWN = frozenset({"key", "field", "value", "expires"})
_ALIGNED = 2_000  # elements in the middle of a list that are aligned; more are taken as other ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a key held: its type in the server's word, what the read command answered, and the word of its expiry."""

    kind: str
    content: Reply
    expires: str | None


def table_of(name: str, database: int, kind: str, key: bytes) -> str:
    """The table in which a row of this key stands."""
    found = _FAMILY.match(text(key))
    family = f":{found[1]}" if found and len(found[1]) <= _LONGEST_NAME else ""
    return f"{name}{f'-{database}' if database else ''}:{kind}{family}"


def expiry(left: int | None) -> str | None:
    """The word for a time to live, in ms; None for a key that never ends."""
    if left is None:
        return None
    return "in minutes" if left <= MINUTES else "in hours" if left <= HOURS else "in days"


def text(reply: Reply) -> str:
    """A reply's text."""
    return unpacked.text(reply) if isinstance(reply, bytes) else str(reply)


def differences(key: bytes, before: Value | None, after: Value | None) -> Iterator[Difference]:
    """What became of one key, row by row; nothing where only the server's own form of it has changed."""
    if before and after and before.kind == after.kind == "list":
        yield from _list_differences(key, before, after)
        return
    old = dict(_rows(key, before)) if before else {}
    new = dict(_rows(key, after)) if after else {}
    for identity in sorted({*old, *new}):
        was, now = old.get(identity), new.get(identity)
        if was != now:
            yield identity[0], was, now


def _rows(key: bytes, value: Value) -> Iterator[tuple[Identity, Row]]:
    own: Row = {"key": text(key), "expires": value.expires}
    content = value.content if isinstance(value.content, list) else []
    match value.kind:
        case "list":
            for place, element in enumerate(content):
                yield ("list", f"{place:09d}"), {**own, "place": str(place), "value": text(element)}
        case "set":
            for member in content:
                yield ("set", text(member)), {**own, "member": text(member)}
        case "zset":
            for member, score in _pairs(content):
                yield ("zset", text(member)), {**own, "member": text(member), "score": text(score)}
        case "hash":
            for field, held in _pairs(content):
                yield ("hash", text(field)), {**own, **_field(text(field), text(held))}
        case "stream":
            yield from _stream(own, _facts(content))
        case kind:
            yield (kind,), {**own, "value": text(value.content)}


def _field(field: str, value: str) -> Row:
    """A hash is an object, whose fields are columns, or a map, whose fields are values: told by how a field reads."""
    named = field not in _OWN and len(field) <= _LONGEST_NAME and _NAME.match(field)
    return {field: value} if named else {"field": field, "value": value}


def _stream(own: Row, facts: dict[str, Reply]) -> Iterator[tuple[Identity, Row]]:
    for entry in _lists(facts.get("entries")):
        fields = json.dumps(_object(entry[1]), ensure_ascii=False)
        yield ("stream", text(entry[0])), {**own, "id": text(entry[0]), "fields": fields}
    for told in _lists(facts.get("groups")):
        group = _facts(told)
        name = text(group["name"])
        row: Row = {"key": own["key"], "group": name}
        yield ("group", name), {**row, "read_to": text(group["last-delivered-id"])}
        for identifier, consumer, _, deliveries, *_ in _lists(group.get("pending")):
            pending = {"id": text(identifier), "consumer": text(consumer), "deliveries": text(deliveries)}
            yield ("pending", name, pending["id"]), {**row, **pending}


def _object(flat: Reply) -> object:
    """Fields of a stream's entry: an object; a list of pairs where a name comes twice."""
    pairs = [(text(field), text(value)) for field, value in _pairs(flat if isinstance(flat, list) else [])]
    return dict(pairs) if len(dict(pairs)) == len(pairs) else pairs


def _facts(flat: Reply) -> dict[str, Reply]:
    """What XINFO tells: names and values in turn."""
    return {text(name): value for name, value in _pairs(flat if isinstance(flat, list) else [])}


def _pairs(flat: list[Reply]) -> Iterator[tuple[Reply, Reply]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _lists(reply: Reply) -> Iterator[list[Reply]]:
    return (each for each in reply if isinstance(each, list)) if isinstance(reply, list) else iter(())


def _list_differences(key: bytes, before: Value, after: Value) -> Iterator[Difference]:
    """Elements that came and went: one that only moved, since another came in before it, is the same."""
    kept = before.expires == after.expires
    old = [row for _, row in _rows(key, before)]
    new = [row for _, row in _rows(key, after)]
    for operation, a, b, c, d in _aligned([row["value"] for row in old], [row["value"] for row in new]):
        if operation == "equal":
            moved = zip(old[a:b], new[c:d], strict=True)
            yield from (("list", {**was, "place": now["place"]}, now) for was, now in moved if not kept)
        elif b - a == d - c:
            yield from (("list", was, now) for was, now in zip(old[a:b], new[c:d], strict=True))
        else:
            yield from (("list", was, None) for was in old[a:b])
            yield from (("list", None, now) for now in new[c:d])


def _aligned(old: list[str | None], new: list[str | None]) -> Iterator[tuple[str, int, int, int, int]]:
    """Difflib's opcodes. What both begin and end with is equal: a queue grows and shrinks at its ends."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    tail = next((place for place in range(shorter - head) if old[-1 - place] != new[-1 - place]), shorter - head)
    yield "equal", 0, head, 0, head
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle) * len(other) > _ALIGNED**2:
        yield "replace", head, len(old) - tail, head, len(new) - tail
    else:
        for operation, a, b, c, d in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
            yield operation, a + head, b + head, c + head, d + head
    yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)
