"""What is still to be done, and which world does it.

Own path first, then confirmations, new paths, others' steps; with none of these left, a part of a step that another
world has taken. The run's first blocker goes before all of it: a person is waiting. A world passes a path's checkpoints
backwards only, so its steps are taken from the last to the first.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from hotfire.engine.step import StepFiring
from hotfire.model.check import Judged
from hotfire.model.history import Baseline
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult
from hotfire.model.step import CriticalPath, Step


@dataclass(slots=True, kw_only=True)
class PathState:
    """How far a critical path is.

    `waiting` are steps that nobody has taken, in their order; `hurried` is a blocker that was told before its end.
    """

    name: str
    path: CriticalPath | None = None
    steps: tuple[Step, ...] = ()
    waiting: deque[Step] = field(default_factory=deque)
    open: int = 0
    baselines: list[Baseline] = field(default_factory=list)
    judged: dict[str, list[Judged]] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    hurried: Finding | None = None
    findings: list[Finding] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)
    mistake: str = ""
    concluded: bool = False
    begun: float = 0.0
    result: PathResult | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyJob:
    """Play a path once."""

    state: PathState


@dataclass(frozen=True, slots=True, kw_only=True)
class StepJob:
    """Fire a step."""

    state: PathState
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A blocker that is to be seen again; `needs` are the trials that it rests on, its own last."""

    finding: Finding
    needs: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmJob:
    """See a step's blockers again in a fresh world: not in `seen_in`, which found them.

    `early`: the path is still being fired, and is kept open only once a world has taken this.
    """

    state: PathState
    step: str
    seen_in: str
    doubts: list[Doubt]
    early: bool = False

    @property
    def place(self) -> int:
        """The step's index in its path."""
        return next(index for index, step in enumerate(self.state.steps) if step.key == self.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpJob:
    """Run some of a step's trials, beside the world that has taken it."""

    state: PathState
    firing: StepFiring


Job = SurveyJob | StepJob | ConfirmJob | HelpJob

WORTH = 24
"""Trials that a step must have left before another world takes its baseline too, which costs about as much."""

WORTH_WAITING = 3
"""The same of trials that mostly wait."""


class Agenda:
    """Hands out jobs to worlds; ends when all is done."""

    def __init__(self, paths: tuple[str, ...], worlds: int) -> None:
        self.states = [PathState(name=name) for name in paths]
        self._new = deque(self.states)
        self._confirmations: list[ConfirmJob] = []
        self._early: list[ConfirmJob] = []
        self._worlds = worlds
        self._busy = 0
        self._firings: list[tuple[PathState, StepFiring]] = []
        self._changed = asyncio.Condition()

    def confirm(self, state: PathState, doubt: Doubt) -> None:
        """Add a blocker that is to be seen again; its path stays open until that is done."""
        new = _confirmation(state, doubt)
        for job in self._confirmations:
            if job.state is state and (job.step, job.seen_in) == (new.step, new.seen_in):
                job.doubts.append(doubt)
                return
        state.open += 1
        self._confirmations.append(new)

    async def hurry(self, state: PathState, doubt: Doubt) -> None:
        """Have a blocker seen again before its path's end, by the first world that is free for it."""
        self._early.append(_confirmation(state, doubt, early=True))
        await self.planned()

    @property
    def waiting(self) -> int:
        """Trials that mostly wait, and that nobody has taken."""
        return sum(firing.share.waiting for _, firing in self._firings)

    def put_back(self, job: Job) -> None:
        """The world that took it is lost."""
        match job:
            case SurveyJob():
                self._new.appendleft(job.state)
            case StepJob():
                job.state.waiting.append(job.step)
            case ConfirmJob(early=True):
                job.state.open -= 1
                self._early.append(job)
            case ConfirmJob():
                self._confirmations.append(job)
            case HelpJob():
                pass  # its trials have been put back

    def begin(self, state: PathState, firing: StepFiring) -> None:
        """A world has taken a step's baseline; from now on others may help it."""
        self._firings.append((state, firing))

    def end(self, firing: StepFiring) -> None:
        """All of a step's trials have run."""
        self._firings = [each for each in self._firings if each[1] is not firing]

    async def planned(self) -> None:
        """There is more to do: a world that has nothing to do may take it."""
        async with self._changed:
            self._changed.notify_all()

    def add_steps(self, state: PathState, steps: tuple[Step, ...]) -> None:
        """Add the steps of a path that has been surveyed."""
        state.waiting.extend(steps)
        state.open += len(steps)

    def drop_steps(self, state: PathState) -> None:
        """Leave the steps that nobody has taken: the path has turned out to be mistaken."""
        state.open -= len(state.waiting)
        state.waiting.clear()

    async def next(self, world: str, last: Job | None) -> Job | None:
        """The next job for a world whose last job was this; None when nothing is left to do."""
        async with self._changed:
            while True:
                job = self._choose(world, last)
                if job:
                    self._busy += 1
                    return job
                if self._busy == 0 and not self._confirmations:
                    self._changed.notify_all()
                    return None
                await self._changed.wait()

    async def done(self) -> None:
        """A job has ended; it may have added others."""
        async with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _choose(self, world: str, last: Job | None) -> Job | None:
        if early := next((job for job in self._early if self._fresh(world, job) and not job.state.concluded), None):
            self._early.remove(early)
            early.state.open += 1  # its path's end waits for it, and need not see it once more
            return early
        if last and last.state.waiting:
            return StepJob(state=last.state, step=last.state.waiting.pop())
        if job := self._choose_confirmation(world, last):
            self._confirmations.remove(job)
            return job
        if self._new:
            return SurveyJob(state=self._new.popleft())
        state = max(self.states, key=lambda state: len(state.waiting), default=None)
        if state and state.waiting:
            return StepJob(state=state, step=state.waiting.popleft())
        return self._choose_help(world)

    def _choose_confirmation(self, world: str, last: Job | None) -> ConfirmJob | None:
        """Of the path that this world confirms already, else of the first; the latest of its steps."""
        jobs = [job for job in self._confirmations if self._fresh(world, job)]
        own = [job for job in jobs if isinstance(last, ConfirmJob) and job.state is last.state]
        return max(
            (job for job in jobs if job.state is (own or jobs)[0].state), key=lambda job: job.place, default=None
        )

    def _fresh(self, world: str, job: ConfirmJob) -> bool:
        """Whether this world has not seen the blockers itself, or is the only one there is, and rehearses anew."""
        return job.seen_in != world or self._worlds == 1

    def _choose_help(self, world: str) -> HelpJob | None:
        for state, firing in self._firings:
            worth = firing.share.busy >= WORTH or firing.share.waiting >= WORTH_WAITING
            if worth and world not in firing.refused_by:
                return HelpJob(state=state, firing=firing)
        return None


def _confirmation(state: PathState, doubt: Doubt, *, early: bool = False) -> ConfirmJob:
    seen_in = doubt.needs[-1].history.world if doubt.needs else ""
    return ConfirmJob(state=state, step=doubt.finding.step, seen_in=seen_in, doubts=[doubt], early=early)
