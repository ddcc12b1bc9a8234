"""What findings and unknowns come to: cells, ledgers, the verdict and the exit code. The worst wins."""

from collections.abc import Sequence
from typing import TypeVar

from hotfire.model.check import Judged
from hotfire.model.judgement import Finding, Unknown, Verdict
from hotfire.model.run import Cell, Ledger, PathResult
from hotfire.model.waiver import Waiver

EXIT_CODES: dict[Verdict, int] = {"GO": 0, "NO-GO": 1, "UNKNOWN": 5}
MISTAKE = 4

_Judgement = TypeVar("_Judgement", Finding, Unknown)


def cell(line: str, findings: Sequence[Finding], unknowns: Sequence[Unknown], waivers: Sequence[Waiver] = ()) -> Cell:
    """A line's answer for a path: a blocker fails it, an unknown leaves it open, notes pass; `waivers` are in force."""
    blockers = [each for each in findings if each.line == line and each.severity == "blocker"]
    missing = [each for each in unknowns if each.line == line]
    if standing(blockers, waivers):
        return "failed"
    if standing(missing, waivers):
        return "unknown"
    return "waived" if blockers or missing else "passed"


def standing(judgements: Sequence[_Judgement], waivers: Sequence[Waiver]) -> list[_Judgement]:
    """Those that no waiver covers."""
    return [each for each in judgements if not any(waiver.covers(each) for waiver in waivers)]


def ledger(judged: Sequence[Judged], left_out: Sequence[str] = ()) -> Ledger:
    """What was tried, in numbers; trials that did not reach their point are named, never counted as passed.

    `left_out` are the ids of trials that cannot happen: no message is lost on the way to a file.
    """
    missed = [each for each in judged if not each.history.reached]
    reached = [each for each in judged if each.history.reached]
    failed = [each for each in reached if any(finding.severity == "blocker" for finding in each.findings)]
    unknown = [each for each in reached if each.unknowns and each not in failed]
    noted = [each for each in reached if (each.remarks or each.findings) and each not in failed and each not in unknown]
    return Ledger(
        tried=len(judged),
        passed=len(reached) - len(failed) - len(unknown),
        with_note=len(noted),
        failed=len(failed),
        unknown=len(unknown),
        not_reached=tuple(each.trial.id for each in missed),
        serialised=tuple(each.trial.id for each in judged if each.history.serialised),
        left_out=tuple(left_out),
    )


def verdict(paths: Sequence[PathResult], waivers: Sequence[Waiver] = ()) -> Verdict:
    """NO-GO for any blocker, UNKNOWN for anything that was asked and not judged, and where nothing was; else GO.

    A waiver in force takes a finding or an unknown out of this; a path's mistake, and a fault of ours, it does not.
    """
    findings = [finding for path in paths for finding in path.findings if finding.severity == "blocker"]
    if standing(findings, waivers):
        return "NO-GO"
    unjudged = any("unknown" in path.cells.values() or standing(path.unknowns, waivers) for path in paths)
    nothing = all(cell == "not asked" for path in paths for cell in path.cells.values())
    return "UNKNOWN" if unjudged or nothing or any(path.mistake for path in paths) else "GO"


def exit_code(paths: Sequence[PathResult], waivers: Sequence[Waiver] = ()) -> int:
    """The verdict's; 4 where a happy path is its own mistake, whatever else was found."""
    return MISTAKE if any(path.mistake for path in paths) else EXIT_CODES[verdict(paths, waivers)]
