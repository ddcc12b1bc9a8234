"""Cores: as many worlds are busy at once as there are cores; a trial that mostly waits gives its core back (DESIGN §6).

There may be more worlds than cores, then: what one of them waits for costs the others nothing.
"""

import asyncio
from dataclasses import dataclass

from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake, Survey, World
from hotfire.perturbations import waits


@dataclass(slots=True)
class Paced:
    """A world that takes a core for all that it does, apart from the trials that mostly wait."""

    world: World
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
        async with self.free:
            return await self.world.survey(path)

    async def baseline(self, path: str, step: str) -> Baseline | Mistake:
        """Take the step's baseline, once a core is free."""
        async with self.free:
            return await self.world.baseline(path, step)

    async def run(self, trial: Trial) -> History:
        """Run a trial, once a core is free; at once, where it mostly waits."""
        if waits(trial):
            return await self.world.run(trial)
        async with self.free:
            return await self.world.run(trial)

    async def close(self) -> None:
        """Close the world."""
        await self.world.close()
