"""Lanes: worlds beside the busy ones, for trials that mostly wait, so that a wait costs no core (DESIGN §6).

A lane is opened only when there is enough that waits, for a world is dear: it imports the service, copies its stores
and takes a baseline of its own. What no lane takes, the step's own world runs when it has nothing else to do; so a lane
that cannot be opened, or is lost, costs time and nothing else.
"""

import asyncio
from types import TracebackType
from typing import Protocol, Self

from hotfire.engine.step import StepFiring, Visit
from hotfire.errors import HotfireError
from hotfire.model.world import World

SHARE = 2
"""Waiting trials for each lane that is opened."""


class Berths(Protocol):
    """Where lanes come from: at most `lanes` worlds more."""

    lanes: int

    async def open_lane(self) -> World:
        """One more world.

        Raises:
            HotfireError: there is no room for it.
        """
        ...


class _NoBerths:
    """No lane at all: waiting trials take their turn."""

    lanes = 0

    async def open_lane(self) -> World:
        raise HotfireError("no lane can be opened", hint="this is a fault of hotfire: please report it")


NO_LANES: Berths = _NoBerths()


class Lanes:
    """The lanes of a run: a task each, from the first call that needs it to the run's end."""

    def __init__(self, berths: Berths) -> None:
        self._berths = berths
        self._firings: list[StepFiring] = []
        self._called = asyncio.Event()
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """The run begins."""
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The run is over: nothing that a lane still does is waited for."""
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def call(self, firing: StepFiring) -> None:
        """A step has more trials; where some wait, lanes run them, and more lanes are opened where that is worth it."""
        if not firing.share.waiting:
            return
        self._firings = [each for each in self._firings if each.share.waiting and each is not firing] + [firing]
        wanted = min(self._berths.lanes, sum(each.share.waiting for each in self._firings) // SHARE)
        for _ in range(len(self._tasks), wanted):
            self._tasks.append(self._group.create_task(self._serve()))
        self._called.set()

    async def _serve(self) -> None:
        """One lane's life: step after step. A step that does not play here is left to its own world."""
        refused: list[StepFiring] = []
        visit: Visit | None = None
        try:
            world = await self._berths.open_lane()
            while True:
                firing = next((each for each in self._firings if each.share.waiting and each not in refused), None)
                if firing is None:
                    self._called.clear()
                    await self._called.wait()
                elif visit := await Visit.at(firing, world, visit):
                    await firing.help(visit.bay, firing.share.take_for_lane)
                else:
                    refused.append(firing)
        except HotfireError:
            return  # what it would have run, the step's own world runs
