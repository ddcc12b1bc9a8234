"""What the corpus comes to, by value: recall and false findings by class, and what Schemathesis has found."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from hotfire.model.judgement import Finding
from hotfire.model.run import PathResult, Run
from hotfire.testing import PATH
from tests.corpus.beside import Beside, configured, figures, finds, read
from tests.corpus.cases import Case, Expected
from tests.corpus.figures import summary, told
from tests.corpus.firing import Outcome

BUY = Expected("retry", "ann POST /orders #1", "duplicate")
RACE = Expected("retry", "ann POST /orders #1", "race")


def case(name: str, *expected: Expected, kind: str = "twin") -> Case:
    return Case(name=name, kind=kind, folder=Path(name), expected=expected)


def outcome(of: Case, *found: Expected) -> Outcome:
    findings = tuple(
        Finding(
            line=each.line,
            severity="blocker",
            path="buy",
            step=each.step,
            category=each.category,
            title="2 rows where one run leaves 1",
            points=(),
            fix="",
            columns=(),
            evidence=(),
            trial="",
        )
        for each in found
    )
    result = PathResult(path=PATH, findings=findings)
    run = Run(id="r", project="shop", started="", lines=("retry",), paths=(result,))
    return Outcome(case=of, run=run, trials={"1": "passed", "2": "duplicate"}, first_finding=1.25 if found else None)


def test_recall_and_false_findings_are_counted_by_class() -> None:
    seen = [
        outcome(case("a/bad", BUY, RACE), RACE),
        outcome(case("b/bad", BUY)),
        outcome(case("m", RACE, kind="mutant"), RACE, BUY),
        outcome(case("a/good", kind="correct"), BUY),
        outcome(case("b/good", kind="correct")),
    ]
    counted = summary(seen, 12.34)
    assert (counted["pairs"], counted["mutants"], counted["correct"]) == (2, 1, 2)
    assert counted["recall"] == 0.667
    assert counted["recall_by_class"] == {"retry · duplicate": 0.5, "retry · race": 1.0}
    assert counted["missed"] == ["b/bad"]
    assert (counted["false_on_good"], counted["false_by_class"]) == (["a/good"], {"retry · duplicate": 1})
    assert counted["findings_per_root_cause"] == 0.5
    assert (counted["first_finding_s"], counted["trials"], counted["wall_s"]) == (1.25, 10, 12.3)


def test_the_figures_are_told_a_line_each() -> None:
    counted: dict[str, object] = {"recall": None, "missed": ["b/bad"], "recall_by_class": {"retry · race": 1.0}}
    assert told(counted).splitlines() == [
        "recall           –",
        "missed           1: b/bad",
        "recall_by_class",
        "    retry · race  1.0",
    ]


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
    bug = case("a/bad", Expected("permissions", "ann PATCH /projects/{id}/assets/{id} #1", "not as reviewed"))
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
