"""One end of a line to the zygote or to one of its children: packets of JSON with descriptors, on any asyncio loop."""

import asyncio
import itertools
import os
import socket
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from hotfire.errors import HotfireError, SetupError
from hotfire.worlds.zygote.messages import Answer

_T = TypeVar("_T")

_LARGEST = 1 << 18
_MOST_DESCRIPTORS = 250


class Ear(Protocol):
    """Who hears a channel."""

    def hear(self, data: bytes) -> Answer | None:
        """Take a packet; what it answers, if it is an answer."""
        ...

    def lost(self) -> None:
        """The other end is gone."""
        ...


class Channel:
    """Sends orders, matches their answers by number, and hands everything else to its ear, in order."""

    def __init__(self, ours: socket.socket, ear: Ear) -> None:
        self._socket = ours
        self._ear = ear
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Callable[[Answer, list[int]], None]] = {}
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(ours, self.drain)

    @staticmethod
    def pair() -> tuple[socket.socket, socket.socket]:
        """Both ends of a new line: ours, which never blocks, and the one that is passed on."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(0)
        return ours, theirs

    @property
    def open(self) -> bool:
        """Whether the other end may still answer."""
        return self._socket.fileno() >= 0

    def send(
        self, do: str, then: Callable[[Answer, list[int]], None], fds: Sequence[int] = (), **fields: object
    ) -> int:
        """Send an order without waiting; `then` gets its answer and the descriptors that came with it."""
        number = next(self._numbers)
        if not self.open:
            raise SetupError("the service's process is gone", hint="read its last log lines in the report")
        self._waiting[number] = then
        data = msgspec.json.encode({"do": do, "id": number, **fields})
        try:
            socket.send_fds(self._socket, [data], list(fds))
        except OSError as problem:
            del self._waiting[number]
            raise SetupError(
                f"the service's process cannot be reached: {problem.strerror}",
                hint="it may have been killed from outside; start the run again",
            ) from problem
        return number

    async def ask(
        self, do: str, deadline: float, fds: Sequence[int] = (), **fields: object
    ) -> tuple[Answer, list[int]]:
        """Send an order and wait for its answer; a SetupError at the deadline (seconds) or when the other end goes."""
        answered: asyncio.Future[tuple[Answer, list[int]]] = self._loop.create_future()

        def take(answer: Answer, received: list[int]) -> None:
            if not answered.done():
                answered.set_result((answer, received))

        number = self.send(do, take, fds, **fields)
        try:
            async with asyncio.timeout(deadline):
                return await answered
        except TimeoutError:
            raise SetupError(
                f"the service's process did not answer {do!r} within {deadline:g} s",
                hint="it may hang: read its last log lines, or raise start_deadline in [tool.hotfire.service]",
            ) from None
        finally:
            self._waiting.pop(number, None)

    def drain(self) -> None:
        """Take all that has arrived."""
        while self.open:
            try:
                data, fds, _, _ = socket.recv_fds(self._socket, _LARGEST, _MOST_DESCRIPTORS)
            except BlockingIOError:
                return
            except OSError:
                data, fds = b"", []
            if not data:
                self.close()
                self._ear.lost()
                return
            self._take(data, fds)

    def _take(self, data: bytes, fds: list[int]) -> None:
        for fd in fds:
            os.set_inheritable(fd, False)  # noqa: FBT003  # its only signature
        answer = self._ear.hear(data)
        then = self._waiting.pop(answer.id, None) if answer else None
        if answer and then:
            then(answer, fds)
            return
        for fd in fds:
            os.close(fd)

    def close(self) -> None:
        """Close our end; who waits is told that the other end is gone."""
        if self.open:
            self._loop.remove_reader(self._socket)
            self._socket.close()
        waiting, self._waiting = self._waiting, {}
        for number, then in waiting.items():
            then(Answer(id=number, problem="the process ended", kind="gone"), [])


def checked(answer: Answer, kind: type[_T]) -> _T:
    """The data of a good answer."""
    if answer.problem:
        raise HotfireError(
            f"the zygote refused: {answer.problem}", hint="report it with this message; it is a fault of ours"
        )
    return msgspec.json.decode(answer.data, type=kind)
