"""What bytes say, as text: UTF-8 as it is; pickles, MessagePack and zlib around them as JSON; else a digest.

Django's cache and sessions, RQ, arq and Flask-Caching keep pickles in Redis. They are read without running anything of
theirs: whatever class or function a pickle names, an inert stand-in takes its place, which keeps what it was given.
"""

import hashlib
import io
import json
import pickle
import zlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Self, TypeAlias
from uuid import UUID

import msgspec

Tree: TypeAlias = "str | int | float | bool | list[Tree] | dict[str, Tree] | None"

_MADE: dict[str, Callable[..., object]] = {
    "_codecs.encode": lambda text, _: text.encode("latin-1"),  # how protocol 2 writes bytes
} | {
    f"{kind.__module__}.{kind.__name__}": kind
    for kind in (date, datetime, time, timedelta, timezone, Decimal, set, frozenset, complex)
}
_PICKLE, _ZLIB = 0x80, 0x78
_LARGEST = 1 << 24  # bytes that are unpacked, at most
_SHORT = 32  # bytes that are shown whole


def text(data: bytes) -> str:
    """The text of a value: the same for the same bytes, and short where nothing can be read in it."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    try:
        tree = _tree(_unpacked(data))
    except Exception:  # noqa: BLE001  (bytes of any kind: what cannot be read is no fault of anybody's)
        return _digest(data)
    return tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False)


def _digest(data: bytes) -> str:
    """One word: it is compared, hardly ever read."""
    if len(data) <= _SHORT:
        return f"0x{data.hex()}"
    return f"0x{data[:8].hex()}…{len(data)}-bytes-sha256-{hashlib.sha256(data).hexdigest()[:32]}"


def _unpacked(data: bytes) -> object:
    if data[0] == _ZLIB and int.from_bytes(data[:2]) % 31 == 0:  # RFC 1950 section 2.2
        unfolding = zlib.decompressobj()
        plain = unfolding.decompress(data, _LARGEST)
        if unfolding.eof and not unfolding.unused_data:
            return plain
    if data[0] == _PICKLE and 2 <= data[1] <= pickle.HIGHEST_PROTOCOL:
        reader = _Reader(stream := io.BytesIO(data))
        found = reader.load()
        if stream.tell() == len(data):
            return found
    found = msgspec.msgpack.decode(data)
    if not isinstance(found, dict | list):
        raise TypeError(_NUMBER)
    return found


_NUMBER = "almost any byte is a number to MessagePack"


class _Reader(pickle.Unpickler):
    """Looks nothing up but a few plain values' own types."""

    def find_class(self, module: str, name: str) -> object:
        """Likewise."""
        full = f"{module.replace('__builtin__', 'builtins')}.{name}"  # as protocol 2 has it
        if full == "uuid.UUID":
            return UUID
        made = _MADE.get(full)
        inert = type(name, (_Inert,), {"name": full})
        return _attempt(made, inert) if made else inert


def _attempt(made: Callable[..., object], inert: Callable[..., object]) -> Callable[..., object]:
    """A datetime in a zone that is a stand-in cannot be made: then it is one, too."""

    def make(*given: object) -> object:
        try:
            return made(*given)
        except (TypeError, ValueError, ArithmeticError):
            return inert(*given)

    return make


class _Inert:
    """Stands for an object of a class that is not loaded, or for what a function would return."""

    name = ""
    given: list[object]

    def __new__(cls, *given: object, **named: object) -> Self:
        """Keep what it is made of."""
        self = super().__new__(cls)
        self.given = [*given, *([named] if named else [])]
        return self

    def __init__(self, *given: object, **named: object) -> None:
        """Nothing more."""

    def __call__(self, *given: object) -> Self:
        """Keep what it is called with."""
        self.given.append(list(given))
        return self

    def __setstate__(self, state: object) -> None:
        """Keep its state."""
        self.given.append(state)

    def __setitem__(self, key: object, value: object) -> None:
        """Keep an item of a mapping."""
        self.given.append([key, value])

    def append(self, value: object) -> None:
        """Keep an item of a list."""
        self.given.append(value)

    def extend(self, values: list[object]) -> None:
        """Likewise."""
        self.given.extend(values)


def _tree(value: object) -> Tree:
    """A value as JSON has it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes() | bytearray():
            return text(bytes(value))
        case dict():
            return {key if isinstance(key, str) else str(_tree(key)): _tree(item) for key, item in value.items()}
        case list() | tuple():
            return [_tree(item) for item in value]
        case set() | frozenset():
            return sorted((_tree(item) for item in value), key=repr)
        case _Inert():
            return {value.name: [_tree(item) for item in value.given]}
        case _:  # a Decimal, a UUID, a timedelta, a zone, or a class that is kept as a value: nothing else is ever made
            return value.isoformat() if isinstance(value, date | time) else str(getattr(value, "name", value))
