"""What the corpus comes to, by value: recall and false findings by class, and what Schemathesis has found."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from hotfire.model.event import Event, FindingConfirmed, PathSurveyed, StepMeasured, TrialEnded
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import Ledger, PathResult, Run
from hotfire.model.world import Survey
from hotfire.testing import PATH, baseline, history, inserted, judged, serial, trial
from tests.corpus import __main__ as corpus
from tests.corpus.beside import Beside, configured, figures, finds, read
from tests.corpus.cases import TESTS, Case, Expected, cases
from tests.corpus.figures import summary, told
from tests.corpus.firing import Outcome

STEP = "ann POST /orders #1"
BUY = Expected("retry", (STEP,), ("duplicate",))
RACE = Expected("retry", (STEP,), ("race",))
CANCEL = Expected("retry", ("ann DELETE /orders/{id} #1",), ("duplicate",))
HALF = Expected("retry", ("ann GET /orders/{id} #1", STEP), ("partial state", "lost"))
LOST = Expected("retry", (STEP,), ("lost",))
COUNTS = Expected("retry", (STEP,), ("safe method writes",), "note")


def case(name: str, *expected: Expected, kind: str = "twin", also: tuple[Expected, ...] = ()) -> Case:
    lines = ("retry", "rollback")
    return Case(name=name, kind=kind, folder=Path(name), expected=expected, also=also, lines=lines)


def outcome(of: Case, *found: Expected, unknown: str = "", mistake: str = "", first: float = 1.25) -> Outcome:
    findings = tuple(
        Finding(
            line=each.line,
            severity=each.severity,
            path="buy",
            step=each.steps[-1],
            category=each.classes[0],
            title="2 rows where one run leaves 1",
            points=(),
            fix="",
            columns=(),
            evidence=(),
            trial="",
        )
        for each in found
    )
    unknowns = (Unknown(line="retry", path="buy", step=STEP, missing=unknown, fix=""),) if unknown else ()
    result = PathResult(
        path=PATH,
        findings=findings,
        unknowns=unknowns,
        mistake=mistake,
        ledgers={"retry": Ledger(tried=2), "rollback": Ledger()},
    )
    run = Run(id="r", project="shop", started="", lines=("retry",), paths=(result,))
    return Outcome(case=of, run=run, trials={"1": "passed", "2": "duplicate"}, first_finding=first if found else None)


def test_recall_and_false_findings_are_counted_by_class() -> None:
    seen = [
        outcome(case("a/bad", RACE), RACE),
        outcome(case("b/bad", BUY)),
        outcome(case("m", RACE, kind="mutant"), RACE, BUY),
        outcome(case("a/good", kind="correct"), BUY),
        outcome(case("b/good", kind="correct")),
    ]
    counted = summary(seen, 12.34)
    assert (counted["pairs"], counted["mutants"], counted["correct"]) == (2, 1, 2)
    assert counted["recall"] == 0.667
    assert counted["recall_by_class"] == {"retry · duplicate": 0.0, "retry · race": 1.0}
    assert counted["missed"] == ["b/bad [ann POST /orders #1] retry · duplicate"]
    assert (counted["false_on_good"], counted["false_by_class"]) == (["a/good"], {"retry · duplicate": 1})
    assert (counted["asked_on_good"], counted["tried_on_good"]) == ({"retry": 2}, {"retry": 4})
    assert (counted["trials"], counted["wall_s"]) == (10, 12.3)


def test_each_declared_bug_counts_and_of_alternatives_any() -> None:
    two = outcome(case("a/bad", BUY, CANCEL), BUY)
    either = outcome(case("b/bad", HALF), LOST)
    assert (two.found, either.found) == (False, True)
    counted = summary([two, either], 1.0)
    assert counted["recall"] == 0.667
    assert counted["recall_by_class"] == {"retry · duplicate": 0.5, "retry · lost or partial state": 1.0}


def test_what_was_missed_makes_no_fewer_findings_of_a_cause() -> None:
    seen = [outcome(case("a/bad", BUY), BUY, RACE), outcome(case("b/bad", BUY))]
    assert summary(seen, 1.0)["findings_per_root_cause"] == 2.0
    assert summary(seen[1:], 1.0)["findings_per_root_cause"] is None
    assert summary([outcome(case("c/bad", COUNTS), COUNTS)], 1.0)["findings_per_root_cause"] == 1.0


def test_the_first_finding_is_told_as_the_last_and_as_the_median() -> None:
    seen = [outcome(case(f"{first}/bad", BUY), BUY, first=first) for first in (0.5, 1.5, 6.0)]
    missed = outcome(case("b/bad", BUY))
    counted = summary([*seen, missed], 1.0)
    names = ("first_finding_s", "first_finding_median_s", "first_finding_above_5_s")
    assert [counted[name] for name in names] == [6.0, 1.5, 1]
    assert [summary([missed], 1.0)[name] for name in names] == [None, None, 0]


def test_the_first_finding_is_timed_from_before_the_first_trial() -> None:
    heard, told = Outcome(case=case("a/bad", BUY)), outcome(case("a/bad", BUY), BUY).findings[0]
    measured = baseline(lambda run: [inserted("orders", id=serial(run))])
    quiet = trial(measured, "retry")
    events: list[Event] = [
        PathSurveyed(survey=Survey(path=PATH, steps=(), seconds=0.1)),
        StepMeasured(baseline=measured),
        TrialEnded(judged=judged(quiet, history()), baseline=measured),
        StepMeasured(baseline=measured),
        FindingConfirmed(finding=replace(told, severity="note")),
        FindingConfirmed(finding=told),
        FindingConfirmed(finding=told),
    ]
    for second, event in enumerate(events):
        heard.hear(event, float(second))
    assert heard.first_finding == 4.0
    assert heard.trials == {quiet.id: "passed"}


def test_what_a_bad_twin_does_not_declare_is_false() -> None:
    known = case("a/bad", BUY, also=(RACE,))
    seen = [outcome(known, BUY, RACE), outcome(case("b/bad", BUY), BUY, RACE, COUNTS)]
    counted = summary(seen, 1.0)
    assert counted["false_on_bad"] == ["b/bad"]
    assert counted["false_on_bad_by_class"] == {"retry · race": 1, "retry · safe method writes": 1}
    mutant = summary([outcome(case("m", BUY, kind="mutant"), BUY, RACE)], 1.0)
    assert (mutant["false_on_bad"], mutant["besides_on_mutants"]) == ([], {"retry · race": 1})


@pytest.mark.parametrize(
    ("seen", "faults"),
    [
        (outcome(case("a/bad", BUY), BUY), []),
        (outcome(case("a/bad", BUY), BUY, unknown="no time"), []),
        (outcome(case("a/bad", BUY)), ["missed retry · duplicate [ann POST /orders #1]"]),
        (outcome(case("a/bad", BUY), BUY, RACE), ["undeclared retry · race [ann POST /orders #1]"]),
        (outcome(case("m", BUY, kind="mutant"), BUY, RACE), []),
        (outcome(case("a/good", kind="correct")), []),
        (outcome(case("a/good", kind="correct"), RACE), ["undeclared retry · race [ann POST /orders #1]"]),
        (
            outcome(case("a/good", kind="correct"), COUNTS),
            ["undeclared retry · safe method writes [ann POST /orders #1]"],
        ),
        (outcome(case("views", kind="correct", also=(COUNTS,)), COUNTS), []),
        (outcome(case("a/good", kind="correct"), unknown="no time"), ["unknown ann POST /orders #1: no time"]),
        (outcome(case("a/bad", BUY), BUY, mistake="answered 500"), ["mistake answered 500"]),
    ],
)
def test_a_fault_is_what_is_not_as_declared(seen: Outcome, faults: list[str]) -> None:
    assert seen.faults == faults
    assert summary([seen], 1.0)["faults"] == ({seen.case.name: faults} if faults else {})


def test_the_figures_are_told_a_line_each() -> None:
    counted: dict[str, object] = {"recall": None, "missed": ["b/bad"], "recall_by_class": {"retry · race": 1.0}}
    assert told(counted).splitlines() == [
        "recall           –",
        "missed           1: b/bad",
        "recall_by_class",
        "    retry · race  1.0",
    ]


def test_what_is_not_as_declared_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(*seen: Outcome) -> tuple[int, str]:
        monkeypatch.setattr(corpus, "cases", lambda: [each.case for each in seen])
        monkeypatch.setattr(corpus, "_outcomes", lambda *_: seen)
        monkeypatch.setattr("sys.argv", ["corpus", "--no-schemathesis"])
        return corpus.main(), capsys.readouterr().out

    good = case("a/good", kind="correct")
    assert ended(outcome(good))[0] == 0
    status, said = ended(outcome(good, unknown="no time"))
    assert status == 1
    assert "a/good  1: unknown ann POST /orders #1: no time" in said
    assert ended(outcome(good, COUNTS))[0] == 1
    assert ended(outcome(case("a/bad", BUY), BUY, RACE))[0] == 1


def test_each_twin_stands_in_the_table() -> None:
    told = re.findall(r"^\| `(\w+)` \|[^|]+\|[^|]+\|$", (TESTS / "twins" / "README.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted({each.folder.parent.name for each in cases() if each.kind == "twin"})


# Schemathesis

UNDOCUMENTED = ("Undocumented status code", "GET /orders/{id}")
ERROR = ("Server error", "POST /orders")
ELSEWHERE = ("Server error", "GET /orders/{id}")


def said(*reports: tuple[str, str]) -> Beside:
    return Beside(reports=frozenset(reports), generated=100)


@pytest.mark.parametrize(
    ("bad", "good", "found"),
    [
        (said(ERROR, UNDOCUMENTED), said(UNDOCUMENTED), True),
        (said(ERROR), said(ERROR), False),
        (said(ELSEWHERE), said(), False),
        (said(), said(), False),
    ],
)
def test_it_finds_what_it_says_of_the_bad_twin_alone_at_a_declared_step(bad: Beside, good: Beside, found: bool) -> None:
    assert finds(case("a/bad", BUY), bad, good) is found


def test_it_is_at_the_step_whatever_the_document_calls_the_parameters() -> None:
    bug = case("a/bad", Expected("permissions", ("ann PATCH /projects/{id}/assets/{id} #1",), ("not as reviewed",)))
    assert finds(bug, said(("Server error", "PATCH /projects/{project_id}/assets/{asset_id}")), said())
    assert not finds(bug, said(("Server error", "PATCH /projects/{project_id}/assets")), said())


def test_its_figures() -> None:
    seen = {
        case("a/bad", BUY): (said(ERROR), said(UNDOCUMENTED)),
        case("b/bad", BUY): (said(UNDOCUMENTED, ERROR), said(UNDOCUMENTED, ERROR)),
        case("c/bad", BUY): (said(), said()),
    }
    counted = figures(seen, 61.04, {"b/bad", "c/bad", "without a document/bad"})
    assert (counted["pairs"], counted["recall"], counted["found"]) == (3, 0.333, ["a/bad"])
    assert counted["recall_of_hotfire"] == 0.667
    assert counted["reports_on_good"] == {"Server error": 1, "Undocumented status code": 2}
    assert (counted["good_with_reports"], counted["cases"], counted["wall_s"]) == (2, 600, 61.0)


def test_its_report_is_read() -> None:
    failures = [{"title": "Server error", "operations": ["POST /orders", "GET /orders/{id}"]}]
    seen = read({"failures": failures, "test_cases": {"generated": 337}})
    assert seen == replace(said(ERROR, ELSEWHERE), generated=337)


def test_it_is_given_two_users_where_there_are_two(tmp_path: Path) -> None:
    users = {name: {"Authorization": f"Bearer {name}"} for name in ("ann", "bob")}
    assert configured({}, tmp_path / "users.json") == ""
    assert "peers" not in tomllib.loads(configured({"ann": users["ann"]}, tmp_path / "users.json"))["auth"]["wfc"]
    written = tomllib.loads(configured(users, tmp_path / "users.json"))
    assert written["auth"]["wfc"] == {"path": str(tmp_path / "users.json"), "peers": ["ann", "bob"]}
    assert '"value": "Bearer bob"' in (tmp_path / "users.json").read_text()
