"""What findings and unknowns come to: the worst wins."""

from dataclasses import replace
from datetime import date

import pytest

from hotfire.engine.verdict import cell, exit_code, ledger, verdict
from hotfire.model.judgement import Finding, Remark, Unknown
from hotfire.model.run import PathResult
from hotfire.model.waiver import Waiver
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

WAIVES_FINDING = Waiver(owner="ann", reason="why", until=date(2026, 12, 31), fingerprint=FINDING.fingerprint)
WAIVES_UNKNOWN = Waiver(owner="ann", reason="why", until=date(2026, 12, 31), line="retry", path="buy")
OTHER = replace(FINDING, category="duplicate")


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


@pytest.mark.parametrize(
    ("findings", "unknowns", "waivers", "expected"),
    [
        ([FINDING], [], [WAIVES_FINDING], "waived"),
        ([FINDING], [UNKNOWN], [WAIVES_FINDING], "unknown"),
        ([FINDING], [UNKNOWN], [WAIVES_UNKNOWN], "failed"),
        ([FINDING], [UNKNOWN], [WAIVES_FINDING, WAIVES_UNKNOWN], "waived"),
        ([FINDING, OTHER], [], [WAIVES_FINDING], "failed"),
        ([], [UNKNOWN], [WAIVES_UNKNOWN], "waived"),
        ([], [replace(UNKNOWN, ours=True)], [WAIVES_UNKNOWN], "unknown"),
        ([NOTE], [], [replace(WAIVES_FINDING, fingerprint=NOTE.fingerprint)], "passed"),
        ([], [], [WAIVES_FINDING], "passed"),
    ],
)
def test_a_cell_with_waivers(
    findings: list[Finding], unknowns: list[Unknown], waivers: list[Waiver], expected: str
) -> None:
    assert cell("retry", findings, unknowns, waivers) == expected


@pytest.mark.parametrize(
    ("path", "waivers", "expected", "code"),
    [
        (replace(GOOD, findings=(FINDING,)), [WAIVES_FINDING], "GO", 0),
        (replace(GOOD, findings=(FINDING, OTHER)), [WAIVES_FINDING], "NO-GO", 1),
        (replace(GOOD, findings=(FINDING,), unknowns=(UNKNOWN,)), [WAIVES_FINDING], "UNKNOWN", 5),
        (replace(GOOD, findings=(FINDING,), unknowns=(UNKNOWN,)), [WAIVES_FINDING, WAIVES_UNKNOWN], "GO", 0),
        (replace(GOOD, unknowns=(replace(UNKNOWN, ours=True),)), [WAIVES_UNKNOWN], "UNKNOWN", 5),
        (replace(GOOD, findings=(FINDING,), mistake="answered 422"), [WAIVES_FINDING], "UNKNOWN", 4),
        (replace(GOOD, findings=(FINDING,), cells={"retry": "unknown"}), [WAIVES_FINDING], "UNKNOWN", 5),
    ],
)
def test_a_waiver_takes_out_what_it_covers_and_nothing_else(
    path: PathResult, waivers: list[Waiver], expected: str, code: int
) -> None:
    assert (verdict([path], waivers), exit_code([path], waivers)) == (expected, code)


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
