"""The messages of one direction of a session: a type byte, four bytes of length that count themselves, a body."""

import struct
from collections.abc import Iterator

HEAD = 5
"""How many bytes stand before a message's body."""
head_at = struct.Struct("!BI").unpack_from
"""A message's type byte, as an int, and its length, from where it begins."""
length_at = struct.Struct("!I").unpack_from


class Frames:
    """Joins chunks: what is no whole message waits for the rest of it, without being copied for every chunk."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._needed = 0

    @property
    def rest(self) -> bytes:
        """The bytes that wait."""
        return bytes(self._rest)

    def join(self, data: bytes) -> bytes:
        """The bytes from the next message on; nothing while that message is not complete."""
        if not self._rest:
            return data
        self._rest += data
        if len(self._rest) < self._needed:
            return b""
        whole = bytes(self._rest)
        self._rest.clear()
        return whole

    def keep(self, buffer: bytes, at: int) -> None:
        """Let what stands from `at` on wait."""
        if at == len(buffer):
            return
        self._rest += buffer[at:]
        known = len(buffer) - at >= HEAD
        self._needed = 1 + length_at(buffer, at + 1)[0] if known else HEAD


def frames(buffer: bytes) -> Iterator[tuple[bytes, int]]:
    """The type and the end of each whole message from the start of `buffer` on."""
    at, size = 0, len(buffer)
    while at + HEAD <= size:
        end = at + 1 + length_at(buffer, at + 1)[0]
        if end > size:
            return
        yield buffer[at : at + 1], end
        at = end
