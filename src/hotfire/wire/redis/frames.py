"""The messages of one direction of a session: where each ends, found in one pass, without a value being made of it.

Rules
- The client sends arrays of bulk strings, or inline commands: lines of printable text. The server sends any value of
  RESP2 and RESP3; an attribute belongs to the value behind it.
- A message that is not complete waits; a long string in it is not looked at again for every chunk.
- What cannot be a message is garbage: what stands before it is told, and from there on nothing is read.

Specification: "Redis serialization protocol specification", RESP2, RESP3 and "Inline commands".
"""

from collections.abc import Callable
from typing import NamedTuple

_STAR, _DOLLAR = b"*$"
_LINES = frozenset(b"+-:_#,(")
_STRINGS = frozenset(b"$!=")
_ITEMS = frozenset(b"*~>%|")
_PAIRS = frozenset(b"%|")
_ATTRIBUTE = ord("|")
_LONGEST_LINE = 64 * 1024  # an inline command: the server refuses longer ones
_LONGEST_LENGTH = 32
_MOST_ARGUMENTS = 1024 * 1024
_LONGEST_STRING = 512 * 1024 * 1024
_BLANK = frozenset(b"\t\r\n")


class Place(NamedTuple):
    """How far a direction is read: the value at `at` is next, and with it `left` values of its message are to come.

    `needed`: how many bytes there must be, counted as `at` is, before reading on makes sense.
    """

    at: int = 0
    left: int = 1
    needed: int = 1


class Garbage(ValueError):  # noqa: N818  (what was sent, no failure of ours)
    """What is no message. The text says why."""


Scan = Callable[[bytes, Place, list[int]], Place]
"""Adds to the list where each message ends that is complete, and says how far it came. Raises Garbage."""


class Frames:
    """Joins the chunks of one direction."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._rest = bytearray()
        self._place = Place()
        self.garbage = ""
        """Why nothing is read any more; empty while all is well."""

    @property
    def waiting(self) -> int:
        """How many bytes wait for the rest of their message."""
        return len(self._rest)

    def take(self) -> bytes:
        """Those bytes, which wait no longer."""
        rest = bytes(self._rest)
        self._rest.clear()
        return rest

    def feed(self, data: bytes) -> tuple[bytes, list[int]]:
        """Bytes from where the last message ended, and where each message in them ends.

        What stands behind the last end waits, unless there is garbage: then it is all that is left unread.
        """
        ends: list[int] = []
        if self._rest:
            self._rest += data
            if len(self._rest) < self._place.needed:
                return b"", ends
            data = bytes(self._rest)
        try:
            place = self._scan(data, self._place, ends)
        except Garbage as problem:
            self.garbage = str(problem)
            self._rest.clear()
            return data, ends
        begun = ends[-1] if ends else 0
        self._rest = bytearray(data[begun:])
        self._place = Place(place.at - begun, place.left, place.needed - begun)
        return data[:begun], ends


def is_whole(data: bytes) -> bool:
    """Whether bytes of a client are whole commands, of which none is inline."""
    ends: list[int] = []
    try:
        scan_client(data, Place(), ends)
    except Garbage:
        return False
    return data[:1] == b"*" and bool(ends) and ends[-1] == len(data)


def scan_client(buffer: bytes, place: Place, ends: list[int]) -> Place:
    """The commands of a client. An empty line, and an array of nothing, are messages that ask nothing."""
    at, left, _ = place
    size, begun = len(buffer), 0
    while at < size:
        if at == begun and buffer[at] != _STAR:
            end, left = _inline(buffer, at), 0
        elif at == begun:
            end, left = _header(buffer, at)
        else:
            end, left = _argument(buffer, at), left - 1
        if not 0 < end <= size:
            return Place(at, left + (at > begun), end or size + 1)
        at = end
        if left == 0:
            begun = at
            ends.append(at)
    return Place(at, left or 1, at + 1)


def _header(buffer: bytes, at: int) -> tuple[int, int]:
    """Where the head of a command ends, 0 while it is not complete, and how many arguments come. Raises Garbage."""
    line = _line(buffer, at)
    if line < 0:
        return 0, 1
    count = _length(buffer[at + 1 : line])
    if count > _MOST_ARGUMENTS:
        raise Garbage(_NO_LENGTH)
    return line + 2, max(count, 0)


def _argument(buffer: bytes, at: int) -> int:
    """Where an argument ends, or will; 0 while its length is not complete. Raises Garbage."""
    if buffer[at] != _DOLLAR:
        raise Garbage("an argument of the service's command is no string")
    line = _line(buffer, at)
    if line < 0:
        return 0
    length = _length(buffer[at + 1 : line])
    if not 0 <= length <= _LONGEST_STRING:
        raise Garbage(_NO_LENGTH)
    return line + 4 + length


def _line(buffer: bytes, at: int) -> int:
    """Where the line at `at` ends; -1 while it is not complete. Raises Garbage."""
    line = buffer.find(b"\r\n", at, at + _LONGEST_LENGTH)
    if line < 0 and len(buffer) - at >= _LONGEST_LENGTH:
        raise Garbage(_NO_LENGTH)
    return line


def scan_server(buffer: bytes, place: Place, ends: list[int]) -> Place:
    """The values of a server."""
    at, left, _ = place
    size = len(buffer)
    while at < size:
        kind = buffer[at]
        line = buffer.find(b"\r\n", at)
        if kind in _LINES:
            if line < 0:
                return Place(at, left, size + 1)
            at, left = line + 2, left - 1
        elif kind in _STRINGS:
            if line < 0:
                return Place(at, left, size + 1)
            length = _length(buffer[at + 1 : line])
            end = line + 2 if length < 0 else line + 4 + length
            if end > size:
                return Place(at, left, end)
            at, left = end, left - 1
        elif kind in _ITEMS:
            if line < 0:
                return Place(at, left, size + 1)
            length = max(_length(buffer[at + 1 : line]), 0)
            left += length * (2 if kind in _PAIRS else 1) - (kind != _ATTRIBUTE)
            at = line + 2
        else:
            raise Garbage(f"the server answered what is no RESP: it begins with {buffer[at : at + 8]!r}")
        if left == 0:
            ends.append(at)
            left = 1
    return Place(at, left, at + 1)


_NO_LENGTH = "the service sent a length that is none"


def _length(digits: bytes) -> int:
    """A length; -1 for null. Raises Garbage."""
    if digits.isdigit():
        return int(digits)
    if digits == b"-1":
        return -1
    raise Garbage(f"{_NO_LENGTH}: {digits[:20]!r}")


def _inline(buffer: bytes, at: int) -> int:
    """Where the inline command ends that begins at `at`; 0 while it is not complete. Raises Garbage."""
    end = buffer.find(b"\n", at) + 1
    line = buffer[at : end or None]
    if any(letter < ord(" ") and letter not in _BLANK for letter in line[:_LONGEST_LINE]):
        raise Garbage(f"the service sent what is no RESP: it begins with {line[:8]!r}")
    if len(line) > _LONGEST_LINE:
        raise Garbage("the service sent a line without an end")
    return end
