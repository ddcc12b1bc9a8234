"""What findings and unknowns come to: cells, ledgers, the verdict and the exit code. The worst wins."""

from collections.abc import Sequence

from hotfire.model.check import Judged
from hotfire.model.judgement import Finding, Unknown, Verdict
from hotfire.model.run import Cell, Ledger, PathResult

EXIT_CODES: dict[Verdict, int] = {"GO": 0, "NO-GO": 1, "UNKNOWN": 5}
MISTAKE = 4


def cell(line: str, findings: Sequence[Finding], unknowns: Sequence[Unknown]) -> Cell:
    """A line's answer for a path: a blocker fails it, an unknown leaves it open, notes pass."""
    if any(finding.line == line and finding.severity == "blocker" for finding in findings):
        return "failed"
    return "unknown" if any(unknown.line == line for unknown in unknowns) else "passed"


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


def verdict(paths: Sequence[PathResult]) -> Verdict:
    """NO-GO for any blocker, UNKNOWN for anything that was asked and not judged, else GO."""
    if any(finding.severity == "blocker" for path in paths for finding in path.findings):
        return "NO-GO"
    open_ends = any(path.unknowns or path.mistake or "unknown" in path.cells.values() for path in paths)
    return "UNKNOWN" if open_ends or not paths else "GO"


def exit_code(paths: Sequence[PathResult]) -> int:
    """The verdict's; 4 where a happy path is its own mistake, whatever else was found."""
    return MISTAKE if any(path.mistake for path in paths) else EXIT_CODES[verdict(paths)]
