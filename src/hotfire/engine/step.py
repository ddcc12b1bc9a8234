"""One step: its baseline, then every trial that the checks ask for, until they ask for nothing new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from hotfire.errors import HotfireError
from hotfire.model.check import Check, Judged, null_trials, watches_all
from hotfire.model.event import Event, TrialEnded, TrialsPlanned, TrialsWatched
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Arrangement, Trial
from hotfire.model.world import LostWorldError, World
from hotfire.perturbations import applies, variants

Say = Callable[[Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """What a trial showed; `ours`: it came to nothing by a fault of hotfire, which nobody may waive."""

    history: History
    ours: bool


@dataclass(slots=True, kw_only=True)
class StepFiring:
    """Fires one step in one world; `judged` grows, by line. `left_out` are trials that cannot happen here, by line.

    `crashed` are the crashes of checks, of each check's judging the first.
    """

    world: World
    baseline: Baseline
    say: Say
    judged: dict[str, list[Judged]] = field(default_factory=dict)
    crashed: list[Unknown] = field(default_factory=list)
    left_out: dict[str, dict[str, Trial]] = field(default_factory=dict)
    _ran: dict[str, _Ran] = field(default_factory=dict)

    async def fire(self, checks: Sequence[Check], *, dry: bool) -> None:
        """Ask each check for its plan until it yields nothing new, and run what it yields.

        Those that watch all come last, and are shown what the others ran, in the order in which it was planned.
        """
        watching = [check for check in checks if watches_all(check)]
        planning = [check for check in checks if not watches_all(check)]
        for check in checks:
            self.judged.setdefault(check.line, [])
        for check in watching:
            self.show_undisturbed(check)
        for check in planning:
            await self._fire(check, dry=dry)
        for check in watching:
            self._show(check, [*planning, *watching])
            await self._fire(check, dry=dry)
        for check in watching:  # what those after it ran
            self._show(check, watching)

    async def again(self, check: Check, trial: Trial) -> list[Judged]:
        """See a trial again, from the clean zygote; in place of an undisturbed run, those of this baseline."""
        if not trial.check:
            return self.show_undisturbed(check)
        return [await self.run(check, replace(trial, arrangement=Arrangement(generation="clean")))]

    async def run(self, check: Check, trial: Trial) -> Judged:
        """Run one trial and judge it."""
        await self.play(trial)
        judged = self.judge(check, trial)
        self.say(TrialEnded(judged=judged, baseline=self.baseline))
        return judged

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

    def show_undisturbed(self, check: Check) -> list[Judged]:
        """Let a check judge the undisturbed runs of the step."""
        shown = []
        for trial, history in null_trials(self.baseline):
            self._ran[trial.id] = _Ran(history=history, ours=False)
            shown.append(self.judge(check, trial))
        self.say(TrialsWatched(judged=tuple(shown), baseline=self.baseline))
        return shown

    def _show(self, check: Check, others: Sequence[Check]) -> None:
        """Let a check judge what these others planned, each trial once."""
        known = {each.trial.id for each in self.judged[check.line]}
        planned = [each.trial for other in others for each in self.judged[other.line] if each.trial.check == other.line]
        shown = tuple(self.judge(check, trial) for trial in planned if trial.id not in known)
        if shown:
            self.say(TrialsWatched(judged=shown, baseline=self.baseline))

    async def _fire(self, check: Check, *, dry: bool) -> None:
        while new := self._plan(check):
            self.say(TrialsPlanned(path=self.baseline.path.name, step=self.baseline.step.key, trials=tuple(new)))
            if dry:
                return
            for trial in new:
                await self.run(check, trial)

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
            crashed = crash(check.line, self.baseline, f"judge trial {trial.id}", error, trial.id)
            if not any(each.line == check.line for each in self.crashed):
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
