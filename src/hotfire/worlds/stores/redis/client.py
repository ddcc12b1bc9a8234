"""Our own connection to a server of ours: commands go out in a pipeline, replies come back in order (RESP2)."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias

from hotfire.errors import HotfireError
from hotfire.wire.redis.values import ReplyError, Value, encode

Argument: TypeAlias = "bytes | str | int"
Command: TypeAlias = "Sequence[Argument]"
Reply: TypeAlias = Value

_CHUNK = 1 << 18
_BATCH = 2_000  # commands on their way at once: neither side's buffer grows without bound


class Client:
    """One connection. Whoever asks waits for the answer: there is one asker at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        self._reader = reader
        self._writer = writer
        self._name = name
        self._replies = Replies()

    @classmethod
    async def connect(cls, socket: Path) -> Self:
        """Connect to a unix socket. OSError: nobody listens there."""
        reader, writer = await asyncio.open_unix_connection(str(socket))
        return cls(reader, writer, str(socket))

    async def ask(self, *command: Argument) -> Reply:
        """One command; its reply. HotfireError: the server refused it, or has gone."""
        (reply,) = await self.ask_all([command])
        return reply

    async def ask_all(self, commands: Sequence[Command]) -> list[Reply]:
        """Commands, and the reply of each. HotfireError: the server refused one of them, or has gone."""
        replies: list[Reply] = []
        for begin in range(0, len(commands), _BATCH):
            batch = commands[begin : begin + _BATCH]
            self._writer.writelines(map(packed, batch))
            replies += await self._receive(len(batch))
        for command, reply in zip(commands, replies, strict=True):
            if isinstance(reply, ReplyError):
                raise HotfireError(f"the server at {self._name} refused {command[0]!r}: {reply.text}", hint=_READ_LOG)
        return replies

    async def _receive(self, count: int) -> list[Reply]:
        received: list[Reply] = []
        while len(received) < count:
            data = await self._reader.read(_CHUNK)
            if not data:
                raise HotfireError(f"the server at {self._name} has ended", hint=_READ_LOG)
            received += self._replies.feed(data)
        return received

    async def close(self) -> None:
        """End the connection."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


_READ_LOG = "its own words are in server.log, in the run's folder; please report what you find there"


def packed(command: Iterable[Argument]) -> bytes:
    """A command as the protocol has it."""
    return encode(*(part if isinstance(part, bytes) else str(part).encode() for part in command))


def facts_of(info: Reply) -> dict[str, str]:
    """What INFO answered, by name."""
    lines = info.decode(errors="replace").split("\r\n") if isinstance(info, bytes) else []
    return dict(line.split(":", 1) for line in lines if ":" in line)


@dataclass(slots=True)
class Replies:
    """Replies out of a stream that may be cut anywhere. RESP2: what a connection speaks that never said HELLO."""

    _buffer: bytearray = field(default_factory=bytearray)
    _place: int = 0
    _open: list[tuple[list[Reply], int]] = field(default_factory=list)

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that these bytes complete."""
        self._buffer += data
        found: deque[Reply] = deque()
        while (end := self._buffer.find(b"\r\n", self._place)) >= 0:
            sign, line = self._buffer[self._place], bytes(self._buffer[self._place + 1 : end])
            after = end + 2
            if sign == ord("$") and line != b"-1":
                length = int(line)
                if len(self._buffer) < after + length + 2:
                    break
                value: Reply = bytes(self._buffer[after : after + length])
                after += length + 2
            elif sign == ord("*") and line not in (b"-1", b"0"):
                self._place = after
                self._open.append(([], int(line)))
                continue
            else:
                value = _simple(sign, line)
            self._place = after
            self._complete(value, found)
        del self._buffer[: self._place]
        self._place = 0
        return list(found)

    def _complete(self, value: Reply, found: deque[Reply]) -> None:
        """A value is whole: it is a reply, or an element of an array that may now be whole, too."""
        while self._open:
            array, length = self._open[-1]
            array.append(value)
            if len(array) < length:
                return
            self._open.pop()
            value = array
        found.append(value)


def _simple(sign: int, line: bytes) -> Reply:
    match chr(sign):
        case "+":
            return line
        case ":":
            return int(line)
        case "-":
            return ReplyError(text=line.decode(errors="replace"))
        case "*" if line == b"0":
            return []
        case "*" | "$":
            return None
        case other:
            raise HotfireError(f"the server answered {other!r}, which is no reply of RESP2", hint=_READ_LOG)
