"""A check, a path of two steps and a run over fake worlds: what the tests of the engine share."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from hotfire.clock import SetClock
from hotfire.engine import Order, fire
from hotfire.model.check import Check, Judged
from hotfire.model.event import Event, RunEnded
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Evidence, Finding, Judgement, Severity, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake
from hotfire.testing import PATH, STEP, FakeWorld, baseline, history, reply, trial

PAY = replace(STEP, route="/payments")
BUY = [baseline(lambda _: [], step=step, steps=(STEP, PAY)) for step in (STEP, PAY)]
KINDS = ("kill", "in_sequence")
WHERE = {"kill": {"dependency": "db", "signature": "COMMIT"}}


def path(name: str) -> list[Baseline]:
    return [replace(each, path=replace(PATH, name=name)) for each in BUY]


def fine(_: Trial) -> History:
    return history()


def failing_when(perturbation: str, step: str = STEP.key) -> Callable[[Trial], History]:
    """A service that answers 500 to one perturbation of one step."""

    def play(trial: Trial) -> History:
        return history(replies=[reply(500 if (trial.perturbation, trial.step) == (perturbation, step) else 200)])

    return play


@dataclass(slots=True, kw_only=True)
class FiveHundred:
    """Finds an answer of 500. `second` is planned once the first trials are in; `crash` names where it fails."""

    line: str = "retry"
    second: tuple[str, ...] = ()
    severity: Severity = "blocker"
    crash: str = ""
    concluded: list[str] = field(default_factory=list)

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        if self.crash == "plan":
            raise ZeroDivisionError("plan")
        for kind in (*KINDS, *(self.second if judged else ())):
            yield trial(baseline, self.line, kind, **WHERE.get(kind, {}))

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        del baseline, judged
        if self.crash == "judge":
            raise ZeroDivisionError("judge")
        if history.trouble:
            yield Unknown(line=self.line, path=trial.path, step=trial.step, missing=history.trouble, fix="again")
        elif history.reached and history.replies[0].failed:
            yield self._finding(trial)

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        del baselines
        if self.crash == "conclude":
            raise ZeroDivisionError("conclude")
        self.concluded += [each.trial.id for each in judged]
        yield from (finding for each in judged for finding in each.findings)
        yield from (unknown for each in judged for unknown in each.unknowns)

    def _finding(self, trial: Trial) -> Finding:
        return Finding(
            line=self.line,
            severity=self.severity,
            path=trial.path,
            step=trial.step,
            category="5xx",
            title="answered 500",
            points=(),
            fix="catch it",
            columns=(trial.perturbation,),
            evidence=(Evidence(trial=trial.id, pointer="replies[0]"),),
            trial=trial.id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A run that ended."""

    events: list[Event]
    worlds: Sequence[FakeWorld]

    @property
    def run(self) -> Run:
        assert isinstance(self.events[-1], RunEnded)
        return self.events[-1].run

    @property
    def result(self) -> PathResult:
        (result,) = self.run.paths
        return result

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def world(play: Callable[[Trial], History] = fine, *, name: str = "w0", paths: Iterable[str] = ("buy",)) -> FakeWorld:
    return FakeWorld(name=name, paths={each: path(each) for each in paths}, play=play)


def fired(*worlds: FakeWorld, check: Check | None = None, checks: Sequence[Check] = (), **order: object) -> Fired:
    """Fire every path of the first world, to the end."""
    wanted = Order(
        run="r1",
        project="shop",
        paths=tuple(worlds[0].paths),
        checks=checks or [check or FiveHundred()],
        **order,  # type: ignore[arg-type]  # the order's own fields
    )

    async def all_events() -> list[Event]:
        return [event async for event in fire(wanted, worlds, SetClock())]

    return Fired(events=asyncio.run(asyncio.wait_for(all_events(), 10)), worlds=worlds)


def mistake(*, broken: bool, step: str = STEP.key) -> Mistake:
    return Mistake(
        broken=broken,
        step=step,
        problem="answered 500" if broken else "answered 404",
        hint="look at the log",
        reply=reply(500 if broken else 404, "Internal Server Error"),
    )
