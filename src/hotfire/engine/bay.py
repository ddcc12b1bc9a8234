"""One world at one step: runs trials, and lets checks judge them against this world's own undisturbed runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from hotfire.errors import HotfireError
from hotfire.model.check import Check, Judged, null_trials
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Arrangement, Trial
from hotfire.model.world import LostWorldError, World


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """What a trial showed; `ours`: it came to nothing by a fault of hotfire, which nobody may waive."""

    history: History
    ours: bool


@dataclass(slots=True, kw_only=True)
class Bay:
    """A world whose baseline of a step is taken. Histories of other worlds are not comparable with it.

    `judged` are the trials that were judged here, by line; `crashed` the crashes of checks that judged.
    """

    world: World
    baseline: Baseline
    judged: dict[str, list[Judged]] = field(default_factory=dict)
    crashed: list[Unknown] = field(default_factory=list)
    _ran: dict[str, _Ran] = field(default_factory=dict)

    async def run(self, check: Check, trial: Trial) -> Judged:
        """Run one trial and let a check judge it."""
        await self.play(trial)
        return self.judge(check, trial)

    async def again(self, check: Check, trial: Trial) -> list[Judged]:
        """See a trial again, from the clean zygote; in place of an undisturbed run, those of this baseline.

        What was seen again already is what it was: several findings may rest on it.
        """
        judged = self.judged.get(check.line, [])
        if not trial.check:
            return [each for each in judged if not each.trial.check] or self.judge_undisturbed(check)
        clean = replace(trial, arrangement=Arrangement(generation="clean"))
        return [each for each in judged if each.trial.id == clean.id] or [await self.run(check, clean)]

    async def run_new(self, check: Check, trials: Iterable[Trial]) -> None:
        """Run those that the check has not judged here: what others are judged against."""
        for trial in trials:
            if all(each.trial.id != trial.id for each in self.judged.get(check.line, ())):
                await self.run(check, trial)

    async def play(self, trial: Trial) -> History:
        """Run one trial. What keeps a world from running it is the history's trouble.

        Raises:
            LostWorldError: the world has ended.
        """
        ours = False
        try:
            history = await self.world.run(trial)
        except LostWorldError:
            raise
        except HotfireError as error:
            history = History(trial=trial.id, world=self.world.name, trouble=str(error))
            ours = error.exit_code == HotfireError.exit_code
        self._ran[trial.id] = _Ran(history=history, ours=ours)
        return history

    def judge(self, check: Check, trial: Trial) -> Judged:
        """Let a check judge a trial that was run here."""
        ran = self._ran[trial.id]
        so_far = self.judged.setdefault(check.line, [])
        judged = _sorted(trial, ran, self._judgements(check, trial, ran.history, so_far))
        so_far.append(judged)
        return judged

    def judge_undisturbed(self, check: Check) -> list[Judged]:
        """Let a check judge the undisturbed runs of the step."""
        nulls = tuple(null_trials(self.baseline))
        self._ran |= {trial.id: _Ran(history=history, ours=False) for trial, history in nulls}
        return [self.judge(check, trial) for trial, _ in nulls]

    def _judgements(
        self, check: Check, trial: Trial, history: History, so_far: Sequence[Judged]
    ) -> tuple[Judgement, ...]:
        try:
            return tuple(check.judge(self.baseline, trial, history, so_far))
        except Exception as error:  # noqa: BLE001  # a check that crashes makes its line UNKNOWN, not the run a ruin
            crashed = crash(check.line, self.baseline, f"judge trial {trial.id}", error, trial.id)
            self.crashed.append(crashed)
            return (crashed,)


def _sorted(trial: Trial, ran: _Ran, judgements: Iterable[Judgement]) -> Judged:
    """What was said, by its kind."""
    kept = tuple(judgements)
    return Judged(
        trial=trial,
        history=ran.history,
        findings=tuple(each for each in kept if isinstance(each, Finding)),
        unknowns=tuple(replace(each, ours=each.ours or ran.ours) for each in kept if isinstance(each, Unknown)),
        remarks=tuple(each for each in kept if isinstance(each, Remark)),
    )


def crash(line: str, baseline: Baseline, what: str, error: Exception, trial: str = "") -> Unknown:
    """A check that crashed: its line is UNKNOWN, and the message says that the fault is ours."""
    return Unknown(
        line=line,
        path=baseline.path.name,
        step=baseline.step.key,
        missing=f"the check {line} could not {what}: {type(error).__name__}: {error}",
        fix="this is a fault of hotfire: report it with the run's folder",
        trial=trial,
        ours=True,
    )
