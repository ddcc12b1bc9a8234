"""A check that watches all, for the tests of the engine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from hotfire.model.check import ALL, Judged
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Evidence, Finding, Judgement
from hotfire.model.trial import Trial


@dataclass(slots=True, kw_only=True)
class Onlooker:
    """Finds what `sees` says of a trial; plans nothing, unless `own` names kinds. `crash`: it fails when it judges."""

    sees: Callable[[Trial, History], bool] = lambda trial, history: False  # noqa: ARG005  # it sees nothing
    line: str = "logs"
    own: tuple[str, ...] = ()
    crash: bool = False
    shown: list[str] = field(default_factory=list)
    watches: ClassVar[str] = ALL

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        del judged
        for kind in self.own:
            yield Trial(path=baseline.path.name, step=baseline.step.key, check=self.line, perturbation=kind)

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        del baseline, judged
        if self.crash:
            raise ZeroDivisionError("judge")
        assert history.trial == trial.id
        self.shown.append(f"{trial.check or 'nobody'}: {trial.perturbation}")
        if self.sees(trial, history):
            yield Finding(
                line=self.line,
                severity="blocker",
                path=trial.path,
                step=trial.step,
                category="secret",
                title="a password is logged",
                points=(),
                fix="leave it out",
                columns=(),
                evidence=(Evidence(trial=trial.id, pointer="logs[0]"),),
                trial=trial.id,
            )

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        del baselines
        yield from {finding.step: finding for each in judged for finding in each.findings}.values()
