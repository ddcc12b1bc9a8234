"""What is stored of a run: small; the trials lie beside it, one file each."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from hotfire.model.judgement import Finding, Unknown, Verdict
from hotfire.model.step import CriticalPath, Step
from hotfire.model.waiver import Waiver

Cell = Literal["passed", "failed", "unknown", "waived", "not asked"]

MARKS: dict[Cell, str] = {"passed": "✓", "failed": "✗", "unknown": "?", "waived": "w", "not asked": "–"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What was tried of a path and line, in numbers of trials; the last three name them by id.

    `left_out` were not tried, since they cannot happen: no message is lost on the way to a file.
    """

    tried: int = 0
    passed: int = 0
    with_note: int = 0
    failed: int = 0
    unknown: int = 0
    not_reached: tuple[str, ...] = ()
    serialised: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathResult:
    """One critical path's answers: steps, findings, unknowns, a cell and a ledger for each line, and its mistake.

    `fired` are the keys of the steps that were asked for and measured.
    """

    path: CriticalPath
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    cells: dict[str, Cell] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    trials: int = 0
    seconds: float = 0.0
    mistake: str = ""
    fired: tuple[str, ...] = ()

    @property
    def judgements(self) -> tuple[Finding | Unknown, ...]:
        """The findings, then what was not judged."""
        return (*self.findings, *self.unknowns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of `hotfire check`. `lines` are the adopted lines; `not_asked` those that exist and were not adopted.

    `waivers` are all that were written, also those that have expired; `ignored` the tables and columns declared to be
    no state. `whole`: no critical path, line or step was left out by the command line.
    """

    id: str
    project: str
    started: str
    lines: tuple[str, ...]
    not_asked: tuple[str, ...] = ()
    paths: tuple[PathResult, ...] = ()
    notices: tuple[str, ...] = ()
    verdict: Verdict | None = None
    seconds: float = 0.0
    seed: int = 0
    exit_code: int | None = None
    command: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    ignored: tuple[str, ...] = ()
    whole: bool = False

    @property
    def day(self) -> date:
        """The day on which it started, in UTC: what a waiver's end is compared with."""
        return date.fromisoformat(self.started[:10])

    def in_force(self) -> tuple[Waiver, ...]:
        """The waivers that had not expired when the run started."""
        return tuple(waiver for waiver in self.waivers if waiver.in_force(self.day))

    def waiver_of(self, judgement: Finding | Unknown) -> Waiver | None:
        """The waiver in force that covers it."""
        return next((waiver for waiver in self.in_force() if waiver.covers(judgement)), None)

    def expired_waiver_of(self, judgement: Finding | Unknown) -> Waiver | None:
        """The waiver that covered it once, where none does now."""
        if self.waiver_of(judgement):
            return None
        return next((waiver for waiver in self.waivers if waiver.covers(judgement)), None)
