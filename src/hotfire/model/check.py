"""A check: a few pure functions in one file, one for each line of the checklist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A trial that has run, and what its check said of it. No finding and no unknown: it passed."""

    trial: Trial
    history: History
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Check(Protocol):
    """Derives trials and judges them; sees histories, never the service.

    `line` is the file's name and the checklist's word. A check is asked for its plan until it yields nothing new.
    """

    line: str

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterable[Trial]:
        """The trials of this step that are still worth running, given what is known."""
        ...

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterable[Judgement]:
        """What this trial proves; `judged` are the step's trials so far (references for races)."""
        ...

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterable[Judgement]:
        """What the path's trials prove together; merges what has one cause."""
        ...
