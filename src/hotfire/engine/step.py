"""One step: its baseline, then every trial that the checks ask for, until they ask for nothing new."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self

from hotfire.engine.bay import Bay, crash
from hotfire.engine.share import Share, Slot
from hotfire.model.check import Check, Judged, watches_all, watches_undisturbed
from hotfire.model.event import Event, TrialEnded, TrialsPlanned, TrialsWatched
from hotfire.model.history import Baseline
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.trial import Trial
from hotfire.model.world import World
from hotfire.perturbations import applies, variants

Say = Callable[[Event], None]
OnPlanned = Callable[[], Awaitable[None]]
OnBlocker = Callable[[Finding, Sequence[Judged]], Awaitable[None]]


class StepFiring:
    """Fires one step; its own world, and others that help, take trials from its `share`.

    `judged` grows, by line, in the order of planning whoever ran what. `left_out` are trials that cannot happen here,
    by line; `refused_by` names the worlds in which the step does not play. When there are more trials to share,
    `on_planned` is awaited; `on_blocker`, when a trial shows one, with what its line has judged in that world.
    """

    def __init__(
        self, *, world: World, baseline: Baseline, say: Say, on_planned: OnPlanned, on_blocker: OnBlocker
    ) -> None:
        self.baseline = baseline
        self.share = Share()
        self.judged: dict[str, list[Judged]] = {}
        self.left_out: dict[str, dict[str, Trial]] = {}
        self.refused_by: set[str] = set()
        self._ran_in: dict[str, Bay] = {}
        self._crashed_planning: list[Unknown] = []
        self._crashed_judging: list[Unknown] = []
        self._bay = self.bay(world, baseline)
        self._say = say
        self._on_planned = on_planned
        self._on_blocker = on_blocker

    def bay(self, world: World, baseline: Baseline) -> Bay:
        """A world that takes part in this step."""
        return Bay(world=world, baseline=baseline, crashed=self._crashed_judging)

    @property
    def crashed(self) -> list[Unknown]:
        """The crashes of checks: in planning, and of each check's judging the first, in the order of planning."""
        crashes = self._crashed_judging
        said = [[unknown for each in judged for unknown in each.unknowns] for judged in self.judged.values()]
        first = [next((unknown for unknown in unknowns if unknown in crashes), None) for unknowns in said]
        return [*self._crashed_planning, *filter(None, first)]

    async def fire(self, checks: Sequence[Check], *, dry: bool) -> None:
        """Ask each check for its plan until it yields nothing new, and run what it yields.

        While the trials of one check wait, those of another run. The checks that watch all come last, and are shown
        what the others ran, in the order in which it was planned.
        """
        for check in checks:
            self.judged.setdefault(check.line, [])
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._work())
            try:
                await self._ask(checks, dry=dry)
            finally:
                self.share.close()

    async def run(self, bay: Bay, slot: Slot) -> None:
        """Run a trial of this step in a world that takes part; one that cannot leaves it for another."""
        try:
            judged = await bay.run(slot.check, slot.trial)
        except BaseException:
            self.share.put_back(slot)
            raise
        self._ran_in[slot.trial.id] = bay
        self.share.ran(slot, judged)
        self._say(TrialEnded(judged=judged, baseline=bay.baseline))
        if blocker := next((each for each in judged.findings if each.severity == "blocker"), None):
            await self._on_blocker(blocker, bay.judged[slot.check.line])

    async def help(self, bay: Bay) -> None:
        """Let another world take part as long as there is something for it to take.

        Raises:
            LostWorldError: the world has ended.
        """
        while slot := self.share.take_for_helper():
            try:
                await bay.run_new(slot.check, self.share.references(slot.check.line))
            except BaseException:
                self.share.put_back(slot)
                raise
            await self.run(bay, slot)

    async def _work(self) -> None:
        """The step's own world: trial after trial, the references too."""
        while slot := await self.share.take():
            await self.run(self._bay, slot)

    async def _ask(self, checks: Sequence[Check], *, dry: bool) -> None:
        watching = [check for check in checks if watches_all(check)]
        planning = [check for check in checks if not watches_all(check)]
        for check in filter(watches_undisturbed, checks):
            self._told(check, self._bay.judge_undisturbed(check))
        async with asyncio.TaskGroup() as tasks:
            for check in planning:
                tasks.create_task(self._fire(check, dry=dry))
        for check in watching:
            self._show(check, [*planning, *watching])
            await self._fire(check, dry=dry)
        for check in watching:  # what those after it ran
            self._show(check, watching)

    async def _fire(self, check: Check, *, dry: bool) -> None:
        while new := self._plan(check):
            self._say(TrialsPlanned(path=self.baseline.path.name, step=self.baseline.step.key, trials=tuple(new)))
            if dry:
                return
            batch = self.share.put(check, new)
            await self._on_planned()
            self.judged[check.line] += await self.share.all_of(batch)

    def _show(self, check: Check, others: Sequence[Check]) -> None:
        """Let a check judge what these others planned, each trial once, where it was run."""
        known = {each.trial.id for each in self.judged[check.line]}
        planned = [each.trial for other in others for each in self.judged[other.line] if each.trial.check == other.line]
        self._told(check, [self._ran_in[trial.id].judge(check, trial) for trial in planned if trial.id not in known])

    def _told(self, check: Check, shown: Sequence[Judged]) -> None:
        self.judged[check.line] += shown
        if shown:
            self._say(TrialsWatched(judged=tuple(shown), baseline=self.baseline))

    def _plan(self, check: Check) -> list[Trial]:
        tried = {each.trial.id for each in self.judged[check.line]}
        try:
            planned = check.plan(self.baseline, self.judged[check.line])
            wanted = {each.id: each for trial in planned for each in variants(trial, self.baseline)}
        except Exception as error:  # noqa: BLE001  # a check that crashes makes its line UNKNOWN, not the run a ruin
            self._crashed_planning.append(crash(check.line, self.baseline, "plan", error))
            return []
        embedded = self.baseline.embedded
        left_out = {id_: trial for id_, trial in wanted.items() if not applies(trial, embedded)}
        self.left_out.setdefault(check.line, {}).update(left_out)
        return [trial for id_, trial in wanted.items() if id_ not in tried and id_ not in left_out]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A world that takes part in another's step. It lasts until the world is asked for another baseline."""

    firing: StepFiring
    bay: Bay

    @classmethod
    async def at(cls, firing: StepFiring, world: World, last: Self | None) -> Self | None:
        """Take the step's baseline, unless the last visit was to this very step; None where it does not play here."""
        if last and last.firing is firing:
            return last
        baseline = await world.baseline(firing.baseline.path.name, firing.baseline.step.key)
        return cls(firing=firing, bay=firing.bay(world, baseline)) if isinstance(baseline, Baseline) else None
