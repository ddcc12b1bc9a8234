"""What has crossed a border and is not read yet: passed on first, read in the order it came, once somebody asks.

Reading a message takes longer than passing it on, and neither end of the line need wait for it: while nothing may be
held, a border only remembers what crossed and when. Read in one go it also costs half of what it costs in between.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

_MOST = 1 << 20  # bytes: a large COPY is read on its way


class Moment(NamedTuple):
    """When something crossed, in seconds: by the wall clock, and by the loop's."""

    wall: float
    loop: float

    @classmethod
    def now(cls) -> "Moment":
        """This one."""
        return cls(time.time(), asyncio.get_running_loop().time())


Read = Callable[[bytes, Moment], None]


class Backlog:
    """Of one border: all its sessions together, so that calls are numbered as they came."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Read, bytes, Moment]] = deque()
        self._size = 0

    def add(self, read: Read, data: bytes, moment: Moment) -> None:
        """Remember what has been passed on, and who reads it."""
        self._waiting.append((read, data, moment))
        self._size += len(data)
        if self._size > _MOST:
            self.catch_up()

    def catch_up(self) -> None:
        """Read all."""
        waiting = self._waiting
        while waiting:
            read, data, moment = waiting.popleft()
            read(data, moment)
        self._size = 0
