"""The way back of a connection: replies in their order, each kept until the script has said what becomes of it.

A reply that is held or delayed holds back what follows it. So does one that is dropped, for ever: the next would be
taken for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import assert_never

from hotfire.model.action import Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.worlds.proxy.border import Border, Session
from hotfire.worlds.proxy.crossing import Crossing


class Replies:
    """Of one session: `write` passes bytes back, `reset` cuts with a TCP reset, `then` goes on when it flows again."""

    def __init__(
        self,
        border: Border,
        session: Session,
        write: Callable[[bytes], None],
        reset: Callable[[], None],
        then: Callable[[], None],
    ) -> None:
        self._border = border
        self._session = session
        self._write = write
        self._reset = reset
        self._then = then
        self._waiting: deque[tuple[bytes, Crossing | None]] = deque()
        self._kept: tuple[bytes, Crossing] | None = None
        self.stopped = False
        """Whether a reply is held, delayed or dropped, or nobody is there to be told."""

    def add(self, data: bytes, crossing: Crossing | None) -> None:
        """What comes next; `crossing` where the script is to be asked about it."""
        self._waiting.append((data, crossing))

    def drain(self) -> None:
        """Pass back what may pass."""
        while self._waiting and not self.stopped:
            data, crossing = self._waiting.popleft()
            if crossing is None:
                self._write(data)
            else:
                self._do(self._border.on_reply(self._session, crossing), data, crossing)

    def release(self) -> None:
        """Go on with what is held."""
        self._go_on(self._kept)

    def resume(self, action: Action) -> None:
        """Do this with what is held."""
        if self._kept:
            (data, crossing), self._kept = self._kept, None
            self.stopped = False
            self._do(action, data, crossing)
            self.drain()
            self._then()

    def end(self) -> None:
        """Nothing passes any more."""
        self.stopped = True
        self._kept = None
        self._waiting.clear()

    def _do(self, action: Action, data: bytes, crossing: Crossing) -> None:
        """Do with a reply what the border says."""
        match action:
            case Forward():
                self._write(data)
            case Hold():
                self._keep(data, crossing)
                self._border.hold(self._session)
            case Delay(seconds=seconds):
                asyncio.get_running_loop().call_later(seconds, self._go_on, self._keep(data, crossing))
            case Drop():
                self.stopped = True
            case Reset() | Answer():
                self._reset()
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._write(data)
                else:
                    self._session.cut()
            case _:
                assert_never(action)

    def _keep(self, data: bytes, crossing: Crossing) -> tuple[bytes, Crossing]:
        self.stopped = True
        self._kept = (data, crossing)
        return self._kept

    def _go_on(self, kept: tuple[bytes, Crossing] | None) -> None:
        """Pass back what was kept, if it still is."""
        if kept is None or kept is not self._kept:
            return
        self._kept, self.stopped = None, False
        self._write(kept[0])
        self.drain()
        self._then()
