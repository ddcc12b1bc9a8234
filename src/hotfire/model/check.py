"""A check: a few pure functions in one file, one for each line of the checklist."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast, runtime_checkable

from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.step import CriticalPath
from hotfire.model.trial import Trial

ALL: Final = "all"
"""A check with the class attribute `watches = ALL` judges every trial, whichever check planned it."""
UNDISTURBED: Final = "undisturbed"
"""One with `watches = UNDISTURBED` judges each step's undisturbed runs, and of the trials its own only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A trial that has run, and what its check said of it. No finding and no unknown: it passed."""

    trial: Trial
    history: History
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether nothing at all was said."""
        return not (self.findings or self.unknowns or self.remarks)


class Check(Protocol):
    """Derives trials and judges them; sees histories, never the service.

    `line` is the file's name and the checklist's word. A check is asked for its plan until it yields nothing new.

    One that has `watches = ALL` besides judges all trials: each step's undisturbed runs first (see `null_trials`), then
    its own and everyone else's. What it says stands under its own line; its `judged` hold all that it was shown.

    One that can be set declares `settings`: the type of each key that [tool.hotfire.checks.LINE] may hold, by its name.

    One whose line has nothing to ask of some critical paths has `asks(path, baselines)` besides (see `asks`).
    """

    line: str

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterable[Trial]:
        """The trials of this step that are still worth running, given what is known."""
        ...

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterable[Judgement]:
        """What this trial proves; `judged` are trials of the step in the same world, whose states can be compared.

        The others may have run elsewhere; what has `is_reference = True` (two in sequence) is always among them.
        """
        ...

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterable[Judgement]:
        """What the path's trials prove together; merges what has one cause."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A step that a file under `launch/` names: the run ends with exit code 4 where the path has no such step.

    `place` is the file, and where in it; `hint` says what to write there instead. `actors` are those that it names
    besides; it is `proposed` where hotfire wrote it, and no person has signed it.
    """

    path: str
    step: str
    place: str
    hint: str
    actors: tuple[str, ...] = ()
    proposed: bool = False


@runtime_checkable
class Reviewed(Protocol):
    """A check that judges by what a person has reviewed: files under `launch/`, given to it as text.

    `reads` is a glob below that folder ("permissions.toml", "expected/*/*").
    """

    reads: str

    def given(self, files: Mapping[str, str]) -> Check:
        """The same check with these files, by the name that the user knows them by ("launch/permissions.toml").

        Raises:
            UsageError: a file cannot be meant; names it, the line and what to write.
        """
        ...

    def named(self) -> Iterable[Named]:
        """The steps that the files name."""
        ...


@runtime_checkable
class Yielding(Protocol):
    """A check that leaves a part of what must hold to another line, where that is asked: one cause, one finding."""

    def beside(self, lines: Collection[str]) -> Check:
        """The same check where all these lines are asked, its own among them."""
        ...


def watches_all(check: Check) -> bool:
    """Whether a check judges the trials of the others, too."""
    return getattr(check, "watches", "") == ALL


def watches_undisturbed(check: Check) -> bool:
    """Whether a check is shown the undisturbed runs of each step."""
    return getattr(check, "watches", "") in {ALL, UNDISTURBED}


class Asking(Protocol):
    """A check that asks something of some critical paths only."""

    def asks(self, path: CriticalPath, baselines: Sequence[Baseline]) -> bool:
        """Whether it had something to ask of this path; `baselines` are those of the steps that were measured."""
        ...


def asks(check: Check, path: CriticalPath, baselines: Sequence[Baseline]) -> bool:
    """Whether a check had something to ask of a path: where it had not, its line is neither passed nor unknown."""
    return not hasattr(check, "asks") or cast("Asking", check).asks(path, baselines)


def null_trials(baseline: Baseline) -> Iterator[tuple[Trial, History]]:
    """The undisturbed runs of a step as trials of the kind "none", which no check planned; they are numbered from 1."""
    for number, clean in enumerate(baseline.clean, 1):
        trial = baseline.trial("", run=number)
        yield trial, replace(clean, trial=trial.id)


def said_together(judged: Sequence[Judged]) -> Judged:
    """What several checks said of one trial, as one: the trial and the history of the first that said something."""
    first = next((each for each in judged if not each.silent), judged[0])
    return replace(
        first,
        findings=tuple(finding for each in judged for finding in each.findings),
        unknowns=tuple(unknown for each in judged for unknown in each.unknowns),
        remarks=tuple(remark for each in judged for remark in each.remarks),
    )
