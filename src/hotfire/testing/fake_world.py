"""A world without a service: its paths are values, and what a trial shows is a function's answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake, OnRest, Survey, keeps_its_core
from hotfire.testing.baselines import PATH


@dataclass(slots=True, kw_only=True)
class FakeWorld:
    """Implements the `RestingWorld` protocol, so that the engine's whole loop runs without IO.

        world = FakeWorld(paths={"buy": [BASELINE]}, play=lambda trial: history(rows=[], replies=[reply(500)]))
        events = [event async for event in fire(order, [world], SetClock())]

    paths       critical path → the baselines of its steps, in their order.
    play        what a trial shows; trial and world are filled in.
    mistakes    critical path → what its next surveys end with, one after the other; then it plays well.
    unmeasured  step key → why its baseline could not be taken, each time.
    asked       all that was asked, in order: "survey buy", "baseline ann POST /orders #1", "run 3f9c1a2b".
    """

    paths: Mapping[str, Sequence[Baseline]]
    play: Callable[[Trial], History]
    name: str = "w0"
    on_rest: OnRest = keeps_its_core
    mistakes: Mapping[str, list[Mistake]] = field(default_factory=dict)
    unmeasured: Mapping[str, Mistake] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def survey(self, path: str) -> Survey:
        """The steps of the path, or the next of its mistakes."""
        await self._turn(f"survey {path}")
        coming = self.mistakes.get(path)
        mistake = coming.pop(0) if coming else None
        baselines = self.paths.get(path, ())
        steps = tuple(baseline.step for baseline in baselines)
        value = baselines[0].path if baselines else replace(PATH, name=path)
        return Survey(path=value, steps=steps, seconds=0.0, mistake=mistake)

    async def baseline(self, path: str, step: str) -> Baseline | Mistake:
        """The step's baseline, as this world's own."""
        await self._turn(f"baseline {step}")
        if step in self.unmeasured:
            return self.unmeasured[step]
        found = next(baseline for baseline in self.paths[path] if baseline.step.key == step)
        return replace(found, world=self.name)

    async def run(self, trial: Trial) -> History:
        """What `play` says that the trial shows."""
        await self._turn(f"run {trial.id}")
        return replace(self.play(trial), trial=trial.id, world=self.name)

    async def close(self) -> None:
        """Nothing is left behind."""
        await self._turn("close")

    async def _turn(self, asked: str) -> None:
        """Note what was asked, and let the other worlds have their turn."""
        self.asked.append(asked)
        await asyncio.sleep(0)
