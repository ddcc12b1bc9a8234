"""All that a server held at one moment: what a checkpoint is made of, and what a template is kept as."""

from dataclasses import dataclass
from typing import TypeAlias

import msgspec

Place: TypeAlias = tuple[int, bytes]
"""A key, by the number of its database."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's value in the server's own form (DUMP), and when it ends: ms of the world's time, None for never."""

    dump: bytes
    expires: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`at`, in ms of the world's time: every key there was, the functions (FUNCTION DUMP), how many scripts."""

    at: int = 0
    entries: dict[Place, Entry]
    functions: bytes = b""
    scripts: int = 0


Packed: TypeAlias = tuple[int, bytes, list[tuple[int, bytes, bytes, int | None]]]


def pack(moment: Moment) -> bytes:
    """A moment as bytes, to be kept in a file. Which scripts are loaded is not kept: a fresh server has none."""
    keys = [(*place, entry.dump, entry.expires) for place, entry in moment.entries.items()]
    return msgspec.msgpack.encode((moment.at, moment.functions, keys))


def unpack(data: bytes) -> Moment:
    """The moment again."""
    at, functions, keys = msgspec.msgpack.decode(data, type=Packed)
    entries = {(database, key): Entry(dump, expires) for database, key, dump, expires in keys}
    return Moment(at=at, entries=entries, functions=functions)
