"""Lanes: worlds beside those that there are cores for, opened when there is much that mostly waits (DESIGN §6).

A lane then does whatever is to be done, as any world does: while one of them waits, another has its core. It is opened
only when there is enough that waits, for a world is dear: it imports the service and copies its stores. A lane that
cannot be opened, or is lost, costs time and nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Protocol, Self

from hotfire.errors import HotfireError
from hotfire.model.world import RestingWorld

SHARE = 2
"""Waiting trials for each lane that is opened."""


class Berths(Protocol):
    """Where lanes come from: at most `lanes` worlds more."""

    lanes: int

    async def open_lane(self) -> RestingWorld:
        """One more world.

        Raises:
            HotfireError: there is no room for it.
        """
        ...


class _NoBerths:
    """No lane at all: waiting trials take their turn."""

    lanes = 0

    async def open_lane(self) -> RestingWorld:
        raise HotfireError("no lane can be opened", hint="this is a fault of hotfire: please report it")


NO_LANES: Berths = _NoBerths()


class Lanes:
    """The lanes of a run: a task each, from the call that opens it to the run's end; `serve` is a world's life."""

    def __init__(self, berths: Berths, serve: Callable[[RestingWorld], Awaitable[None]]) -> None:
        self._berths = berths
        self._serve = serve
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """The run begins."""
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The run is over: a lane that is still being opened is not waited for."""
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def call(self, waiting: int) -> None:
        """So many trials that mostly wait have not been taken: more lanes are opened where that is worth it."""
        wanted = min(self._berths.lanes, waiting // SHARE)
        for _ in range(len(self._tasks), wanted):
            self._tasks.append(self._group.create_task(self._live()))

    async def _live(self) -> None:
        try:
            world = await self._berths.open_lane()
        except HotfireError:
            return  # what it would have run, the others run
        await self._serve(world)
