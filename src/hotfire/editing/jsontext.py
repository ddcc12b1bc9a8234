"""JSON text changed at one place; every other byte stays: order and spelling of keys, digits of numbers, white space.

The text is only skimmed for where values begin and end (RFC 8259), so what is spliced in may be what no parser takes:
NaN, a duplicate key, a lone surrogate, half a character.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hotfire.model.pointer import tokens_of

_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_SCALAR = re.compile(rb'[^\s,\[\]{}":]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A member of an object (`begin` is its key's first byte) or an element of an array; `end` is behind its value."""

    key: str
    begin: int
    value: int
    end: int


def replaced(text: bytes, pointer: str, value: bytes) -> bytes:
    """The text with another value at the pointer.

    Raises:
        LookupError: there is no such place.
    """
    tokens = tokens_of(pointer)
    if not tokens:
        return value
    item = _item(text, tokens, pointer)
    return text[: item.value] + value + text[item.end :]


def removed(text: bytes, pointer: str) -> bytes:
    """The text without the member or the element at the pointer.

    Raises:
        LookupError: there is no such place.
    """
    tokens = tokens_of(pointer)
    if not tokens:
        return b""
    item = _item(text, tokens, pointer)
    behind = _spaced(text, item.end)
    if text[behind : behind + 1] == b",":
        return text[: item.begin] + text[_spaced(text, behind + 1) :]
    before = text[: item.begin].rstrip(b" \t\r\n")
    return before.removesuffix(b",") + text[item.end :]


def inserted(text: bytes, pointer: str, value: bytes) -> bytes:
    """The text with one more member behind the last, or one more element before the index (behind the last: "-").

    Raises:
        LookupError: there is no object or array to put it into.
    """
    *parents, name = tokens_of(pointer) or ("",)
    at = _value(text, tuple(parents), pointer)
    items = list(_items(text, at))
    if text[at : at + 1] == b"{":
        value = json.dumps(name).encode() + b":" + value
    elif text[at : at + 1] != b"[":
        raise _absent(pointer, "neither an object nor an array is there to put it into")
    elif name.isdigit() and int(name) < len(items):
        begin = items[int(name)].begin
        return text[:begin] + value + b"," + text[begin:]
    behind = items[-1].end if items else at + 1
    return text[:behind] + (b"," if items else b"") + value + text[behind:]


def _value(text: bytes, tokens: tuple[str, ...], pointer: str) -> int:
    return _item(text, tokens, pointer).value if tokens else _spaced(text, 0)


def _item(text: bytes, tokens: tuple[str, ...], pointer: str) -> _Item:
    """The item that the tokens lead to; of duplicate keys the last, which is the one that parsers take."""
    at = _spaced(text, 0)
    item: _Item | None = None
    for token in tokens:
        item = next((each for each in reversed([*_items(text, at)]) if each.key == token), None)
        if item is None:
            raise _absent(pointer, f"nothing is named {token!r} there")
        at = item.value
    if item is None:
        raise _absent(pointer, "it names the whole text")
    return item


def _items(text: bytes, at: int) -> Iterator[_Item]:
    """What the object or the array at this byte holds; of anything else, nothing."""
    opening = text[at : at + 1]
    if opening not in {b"{", b"["}:
        return
    at, number = _spaced(text, at + 1), 0
    while at < len(text) and text[at : at + 1] not in {b"}", b"]"}:
        begin, key = at, str(number)
        if opening == b"{":
            name = _STRING.match(text, at)
            if name is None:
                return
            key = _text(name[0])
            at = _spaced(text, _spaced(text, name.end()) + 1)  # over the colon
        end = _end(text, at)
        if end == at:
            return
        yield _Item(key=key, begin=begin, value=at, end=end)
        at, number = _spaced(text, end), number + 1
        if text[at : at + 1] == b",":
            at = _spaced(text, at + 1)


def _end(text: bytes, at: int) -> int:
    """Where the value that begins at this byte ends; the byte itself where no value begins."""
    if text[at : at + 1] not in {b"{", b"["}:
        plain = _STRING.match(text, at) or _SCALAR.match(text, at)
        return plain.end() if plain else at
    depth = 0
    for found in _BRACKETS.finditer(text, at):
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(text)


def _spaced(text: bytes, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _text(name: bytes) -> str:
    try:
        return str(json.loads(name))
    except ValueError:  # spelt as no parser takes it
        return name.decode("utf-8", "replace")


def _absent(pointer: str, reason: str) -> LookupError:
    return LookupError(f"the body has no {pointer}: {reason}")
