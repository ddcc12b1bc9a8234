"""What findings and unknowns come to: the worst wins."""

from dataclasses import replace

import pytest

from hotfire.engine.verdict import cell, exit_code, ledger, verdict
from hotfire.model.judgement import Finding, Remark, Unknown
from hotfire.model.run import PathResult
from hotfire.testing import PATH, baseline, history, judged, trial

FINDING = Finding(
    line="retry",
    severity="blocker",
    path="buy",
    step="",
    category="lost",
    title="",
    points=(),
    fix="",
    columns=(),
    evidence=(),
    trial="",
)
NOTE = replace(FINDING, severity="note")
UNKNOWN = Unknown(line="retry", path="buy", step="", missing="", fix="")
GOOD = PathResult(path=PATH, cells={"retry": "passed"})


@pytest.mark.parametrize(
    ("findings", "unknowns", "expected"),
    [
        ([], [], "passed"),
        ([NOTE], [], "passed"),
        ([], [UNKNOWN], "unknown"),
        ([FINDING], [UNKNOWN], "failed"),
        ([replace(FINDING, line="inputs")], [replace(UNKNOWN, line="inputs")], "passed"),
    ],
)
def test_a_cell(findings: list[Finding], unknowns: list[Unknown], expected: str) -> None:
    assert cell("retry", findings, unknowns) == expected


@pytest.mark.parametrize(
    ("paths", "expected", "code"),
    [
        ([GOOD], "GO", 0),
        ([replace(GOOD, findings=(NOTE,))], "GO", 0),
        ([GOOD, replace(GOOD, unknowns=(UNKNOWN,))], "UNKNOWN", 5),
        ([replace(GOOD, unknowns=(UNKNOWN,)), replace(GOOD, findings=(FINDING,))], "NO-GO", 1),
        ([GOOD, replace(GOOD, mistake="answered 404")], "UNKNOWN", 4),
        ([replace(GOOD, findings=(FINDING,)), replace(GOOD, mistake="answered 404")], "NO-GO", 4),
        ([], "UNKNOWN", 5),
    ],
)
def test_the_worst_wins(paths: list[PathResult], expected: str, code: int) -> None:
    assert (verdict(paths), exit_code(paths)) == (expected, code)


def test_a_ledger_counts_each_trial_once() -> None:
    of = baseline(lambda _: [])
    kinds = ("passed", "noted", "failed", "unknown", "missed", "serialised")
    passed, noted, failed, unknown, missed, serialised = (trial(of, "retry", kind) for kind in kinds)
    told = ledger(
        [
            judged(passed, history()),
            judged(noted, history(), [Remark(text="409")]),
            judged(failed, history(), [FINDING, UNKNOWN]),
            judged(unknown, history(), [UNKNOWN]),
            judged(missed, history(reached=False)),
            judged(serialised, history(serialised=True)),
        ]
    )
    assert (told.tried, told.passed, told.with_note, told.failed, told.unknown) == (6, 3, 1, 1, 1)
    assert (told.not_reached, told.serialised) == ((missed.id,), (serialised.id,))
