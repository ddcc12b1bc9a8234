"""What is stored of a run: small; the trials lie beside it, one file each."""

from dataclasses import dataclass, field
from typing import Literal

from hotfire.model.judgement import Finding, Unknown, Verdict
from hotfire.model.step import CriticalPath, Step

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
    """One critical path's answers: steps, findings, unknowns, a cell and a ledger for each line, and its mistake."""

    path: CriticalPath
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    cells: dict[str, Cell] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    trials: int = 0
    seconds: float = 0.0
    mistake: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of `hotfire check`. `lines` are the adopted lines; `not_asked` those that exist and were not adopted."""

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
