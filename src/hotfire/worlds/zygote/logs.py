"""What a process writes: a pipe read line by line, each with the loop's time; the last lines are kept for errors."""

import asyncio
import os
from collections import deque
from collections.abc import Callable

_LONGEST = 1 << 16

OnLog = Callable[[str, str, float], None]
"""The process's name, the line without its end, and the loop's time at which it was read (seconds)."""


class Log:
    """The standard output and error of one process, as one stream."""

    def __init__(self, name: str, on_log: OnLog | None = None) -> None:
        self.last: deque[str] = deque(maxlen=40)
        self._name = name
        self._on_log = on_log
        self._rest = b""
        self._loop = asyncio.get_running_loop()
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._loop.add_reader(self._reader, self.drain)

    def passed_on(self) -> None:
        """Close our copy of the writing end, once a process has its own."""
        os.close(self.writer)

    def drain(self) -> None:
        """Take all that has been written."""
        while self._reader >= 0:
            try:
                data = os.read(self._reader, _LONGEST)
            except BlockingIOError:
                return
            if not data:
                self.close()
                return
            *lines, self._rest = (self._rest + data).split(b"\n")
            if len(self._rest) > _LONGEST:
                lines, self._rest = [*lines, self._rest], b""
            for line in lines:
                self._take(line)

    def _take(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        self.last.append(text)
        if self._on_log is not None:
            self._on_log(self._name, text, self._loop.time())

    def close(self) -> None:
        """Take what there is and stop reading."""
        if self._reader < 0:
            return
        self._loop.remove_reader(self._reader)
        reader, self._reader = self._reader, -1
        if self._rest:
            self._take(self._rest)
            self._rest = b""
        os.close(reader)

    def end(self) -> None:
        """The process is gone: take its last words, although a descendant may hold the pipe open."""
        self.drain()
        self.close()

    def tail(self, lines: int = 12) -> str:
        """The last lines, for an error."""
        return "\n".join(f"  {line}" for line in list(self.last)[-lines:])
