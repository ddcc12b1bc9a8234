"""Cores: as many worlds are busy at once as there are cores; what mostly waits gives its core back (DESIGN §6).

There may be more worlds than cores, then: what one of them waits for costs the others nothing. A trial that is known to
wait takes no core at all; any other takes one until it is over, or until its world tells that it rests.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake, RestingWorld, Survey, keeps_its_core
from hotfire.perturbations import waits


@dataclass(slots=True)
class _Core:
    """A core that was taken; it is given back once, however often that is asked."""

    free: asyncio.Semaphore
    taken: bool = True

    def give_back(self) -> None:
        """Let another world have it."""
        if self.taken:
            self.taken = False
            self.free.release()


@dataclass(slots=True)
class Paced:
    """A world that takes a core for all that it does, apart from what mostly waits."""

    world: RestingWorld
    free: asyncio.Semaphore

    @property
    def name(self) -> str:
        """The world's own name."""
        return self.world.name

    @name.setter
    def name(self, name: str) -> None:
        self.world.name = name

    async def survey(self, path: str) -> Survey:
        """Play the critical path once, once a core is free."""
        async with self._core():
            return await self.world.survey(path)

    async def baseline(self, path: str, step: str) -> Baseline | Mistake:
        """Take the step's baseline, once a core is free."""
        async with self._core():
            return await self.world.baseline(path, step)

    async def run(self, trial: Trial) -> History:
        """Run a trial, once a core is free; at once, where it mostly waits."""
        if waits(trial):
            return await self.world.run(trial)
        async with self._core():
            return await self.world.run(trial)

    async def close(self) -> None:
        """Close the world."""
        await self.world.close()

    @asynccontextmanager
    async def _core(self) -> AsyncIterator[None]:
        """A core for what is done here; what is left to do after a rest is little, and done without."""
        await self.free.acquire()
        core = _Core(self.free)
        self.world.on_rest = core.give_back
        try:
            yield
        finally:
            self.world.on_rest = keeps_its_core
            core.give_back()
