"""One step: its baseline, then every trial that the checks ask for, until they ask for nothing new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from hotfire.errors import HotfireError
from hotfire.model.check import Check, Judged
from hotfire.model.event import Event, TrialEnded, TrialsPlanned
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Trial
from hotfire.model.world import LostWorldError, World
from hotfire.perturbations import applies, variants

Say = Callable[[Event], None]


@dataclass(slots=True, kw_only=True)
class StepFiring:
    """Fires one step in one world; `judged` grows, by line. `left_out` are trials that cannot happen here, by line."""

    world: World
    baseline: Baseline
    say: Say
    judged: dict[str, list[Judged]] = field(default_factory=dict)
    crashed: list[Unknown] = field(default_factory=list)
    left_out: dict[str, dict[str, Trial]] = field(default_factory=dict)

    async def fire(self, checks: Sequence[Check], *, dry: bool) -> None:
        """Ask each check for its plan until it yields nothing new, and run what it yields."""
        for check in checks:
            self.judged.setdefault(check.line, [])
            while new := self._plan(check):
                self.say(TrialsPlanned(path=self.baseline.path.name, step=self.baseline.step.key, trials=tuple(new)))
                if dry:
                    break
                for trial in new:
                    await self.run(check, trial)

    async def run(self, check: Check, trial: Trial) -> Judged:
        """Run one trial and judge it."""
        ours = False
        try:
            history = await self.world.run(trial)
        except LostWorldError:
            raise
        except HotfireError as error:
            history = History(trial=trial.id, world=self.world.name, trouble=str(error))
            ours = error.exit_code == HotfireError.exit_code
        so_far = self.judged.setdefault(check.line, [])
        judged = _sorted(trial, history, self._judgements(check, trial, history, so_far), ours=ours)
        so_far.append(judged)
        self.say(TrialEnded(judged=judged, baseline=self.baseline))
        return judged

    def _plan(self, check: Check) -> list[Trial]:
        tried = {each.trial.id for each in self.judged[check.line]}
        try:
            planned = check.plan(self.baseline, self.judged[check.line])
            wanted = {each.id: each for trial in planned for each in variants(trial, self.baseline)}
        except Exception as error:  # noqa: BLE001  # a check that crashes makes its line UNKNOWN, not the run a ruin
            self.crashed.append(crash(check.line, self.baseline, "plan", error))
            return []
        embedded = self.baseline.embedded
        left_out = {id_: trial for id_, trial in wanted.items() if not applies(trial, embedded)}
        self.left_out.setdefault(check.line, {}).update(left_out)
        return [trial for id_, trial in wanted.items() if id_ not in tried and id_ not in left_out]

    def _judgements(
        self, check: Check, trial: Trial, history: History, so_far: Sequence[Judged]
    ) -> tuple[Judgement, ...]:
        try:
            return tuple(check.judge(self.baseline, trial, history, so_far))
        except Exception as error:  # noqa: BLE001  # as above
            return (crash(check.line, self.baseline, f"judge trial {trial.id}", error),)


def _sorted(trial: Trial, history: History, judgements: Iterable[Judgement], *, ours: bool) -> Judged:
    """What was said, by its kind; `ours`: the trial came to nothing by a fault of hotfire, which nobody may waive."""
    kept = tuple(judgements)
    return Judged(
        trial=trial,
        history=history,
        findings=tuple(each for each in kept if isinstance(each, Finding)),
        unknowns=tuple(replace(each, ours=each.ours or ours) for each in kept if isinstance(each, Unknown)),
        remarks=tuple(each for each in kept if isinstance(each, Remark)),
    )


def crash(line: str, baseline: Baseline, what: str, error: Exception) -> Unknown:
    """A check that crashed: its line is UNKNOWN, and the message says that the fault is ours."""
    return Unknown(
        line=line,
        path=baseline.path.name,
        step=baseline.step.key,
        missing=f"the check {line} could not {what}: {type(error).__name__}: {error}",
        fix="this is a fault of hotfire: report it with the run's folder",
        ours=True,
    )
