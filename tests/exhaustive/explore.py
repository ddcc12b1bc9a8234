"""Explores every round trip of every step of a case, and beside it the trials that the check of `retry` plans."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from hotfire.checks.retry import Retry
from hotfire.cli.project import find_site
from hotfire.model.call import Point
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Scalar, Trial
from hotfire.model.world import World
from hotfire.perturbations import applies
from hotfire.worlds.driver.load import load
from hotfire.worlds.launchpad import Launchpad
from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case
from tests.exhaustive.ends import End, Ends, Form, forms, only_in

KINDS = ("kill", "lost_call", "lost_reply")
"""What is crossed with every round trip; races, duplicates and departures have no point to prune."""


@dataclass(slots=True, kw_only=True)
class StepEnds:
    """One step: where the trials at every round trip ended, and where the planned ones did.

    `allowed` are the forms in which a right service may end: the null trial's, and for a step that is meant to happen
    again (`repeat="each"`) that of two in sequence.
    """

    step: str
    round_trips: int
    effects: int
    allowed: set[Form]
    every: list[End] = field(default_factory=list)
    planned: list[End] = field(default_factory=list)
    missed: list[Trial] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether both reach the same distinct end states."""
        return forms(self.every) == forms(self.planned)

    @property
    def unlike_null(self) -> list[End]:
        """The ends in which something is wrong."""
        return [end for end in (*self.every, *self.planned) if end.form not in self.allowed]

    @property
    def differences(self) -> list[str]:
        """What only one of both reaches, in words."""
        sides = (("only every round trip", self.every, self.planned), ("only the plan", self.planned, self.every))
        return [
            f"{self.step}: {side}: {end.trial.perturbation} {end.trial.arguments}: {end.difference or 'as undisturbed'}"
            for side, ends, others in sides
            for end in only_in(ends, others)
        ]

    @property
    def new_answers(self) -> list[str]:
        """State and answer's class together, where only a trial at another round trip shows it."""
        known = {(end.form, end.answer) for end in self.planned}
        return [
            f"{self.step}: {end.answer} after {end.trial.perturbation} {end.trial.arguments}"
            for end in self.every
            if (end.form, end.answer) not in known
        ]


async def explore(case: Case, nursery: Nursery) -> list[StepEnds]:
    """Both explorations of every step with effects."""
    with case.laid_out() as project:
        site = find_site(project)
        pad = await Launchpad.open(site, 1, nursery, seed=0, say=lambda _: None)
        try:
            return [ends for path in load(site.launch).paths for ends in await _path(pad.worlds[0], path)]
        finally:
            await pad.close()


async def _path(world: World, path: str) -> list[StepEnds]:
    survey = await world.survey(path)
    assert survey.mistake is None, survey.mistake
    found = []
    for step in reversed(survey.steps):  # checkpoints are passed backwards
        baseline = await world.baseline(path, step.key)
        assert isinstance(baseline, Baseline), baseline
        if baseline.effects:
            found.append(await _step(world, baseline))
    return found[::-1]


async def _step(world: World, baseline: Baseline) -> StepEnds:
    reader = Ends(baseline)
    twice = await world.run(_trial(baseline, "in_sequence", {}))
    result = StepEnds(
        step=f"{baseline.path.name}: {baseline.step.key}",
        round_trips=len(baseline.clean[-1].exchanges),
        effects=len(baseline.effects),
        allowed={reader.null, reader.form(twice)} if baseline.step.repeat == "each" else {reader.null},
    )
    for trials, ends in ((everywhere(baseline), result.every), (planned(baseline), result.planned)):
        for trial in (each for each in trials if applies(each, baseline.embedded)):
            history = await world.run(trial)
            assert not history.trouble, history.trouble
            if history.reached:
                ends.append(reader.of(trial, history))
            else:
                result.missed.append(trial)
    return result


def everywhere(baseline: Baseline) -> Iterator[Trial]:
    """Killed before and after, call lost, reply lost, at each exchange of the step's undisturbed warm run."""
    for point in dict.fromkeys(exchange.call.point for exchange in baseline.clean[-1].exchanges):
        where = _where(point)
        yield _trial(baseline, "kill", where | {"when": "before"})
        yield _trial(baseline, "kill", where | {"when": "after"})
        yield _trial(baseline, "lost_call", where)
        yield _trial(baseline, "lost_reply", where)


def planned(baseline: Baseline) -> list[Trial]:
    """What the check plans, as it plans it: after the trials in sequence are in."""
    check = Retry()
    first = [
        Judged(trial=trial, history=History(trial=trial.id, world=baseline.world)) for trial in check.plan(baseline, ())
    ]
    trials = {trial.id: dataclasses.replace(trial, rest=False) for trial in check.plan(baseline, first)}
    return [trial for trial in trials.values() if trial.perturbation in KINDS]


def _where(point: Point) -> dict[str, Scalar]:
    return {"dependency": point.dependency, "signature": point.signature, "occurrence": point.occurrence}


def _trial(baseline: Baseline, kind: str, arguments: dict[str, Scalar]) -> Trial:
    return Trial(
        path=baseline.path.name,
        step=baseline.step.key,
        check=Retry.line,
        perturbation=kind,
        arguments=arguments,
        seed=baseline.seed,
    )
