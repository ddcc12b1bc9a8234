"""JUnit's XML: what is not judged never looks passed, and every character is legal."""

import dataclasses
from collections.abc import Callable
from xml.etree import ElementTree as ET

from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.reports.archive import Record
from hotfire.reports.junit import Case, cases_of, render
from tests.reports.sample import DRAFT, FINDING, PUBLISH_RESULT, READ_STEP, RUN, STEP, UNKNOWN

Snapshot = Callable[[str, str], None]


def shown(record: Record, **changes: object) -> str:
    return render(Record(run=dataclasses.replace(record.run, **changes), folder=record.folder))


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  # our own


def cases(result: PathResult, run: Run = RUN) -> dict[str, Case]:
    return {case.name: case for case in cases_of(run, result)}


def outcomes(result: PathResult, run: Run = RUN) -> set[str]:
    return {case.outcome for case in cases_of(run, result)}


def test_a_run(record: Record, snapshot: Snapshot) -> None:
    snapshot("junit.txt", render(record))


def test_its_sums_are_those_of_its_cases(record: Record) -> None:
    root = parsed(render(record))
    for element in (root, *root.iter("testsuite")):
        found = {"tests": len(list(element.iter("testcase")))}
        found |= {f"{each}s": len(list(element.iter(each))) for each in ("failure", "error")}
        found["skipped"] = len(list(element.iter("skipped")))
        assert {name: element.get(name) for name in found} == {name: str(value) for name, value in found.items()}


def test_a_finding_fails_its_step_and_line_only() -> None:
    told = cases(PUBLISH_RESULT)
    failed = [name for name, case in told.items() if case.outcome == "failure"]
    assert failed == ["editor POST /api/posts/{id}/publish · retry"]
    assert told[failed[0]].kind == "duplicate"
    assert told["author POST /api/posts · retry"].outcome == "passed"


def test_what_was_not_judged_is_an_error() -> None:
    unsure = dataclasses.replace(UNKNOWN, line="retry", step=DRAFT.key)
    told = cases(dataclasses.replace(PUBLISH_RESULT, findings=(), unknowns=(unsure,)))
    assert (told["author POST /api/posts · retry"].outcome, told["author POST /api/posts · retry"].kind) == (
        "error",
        "unknown",
    )


def test_a_line_that_was_not_judged_for_the_whole_path_passes_nowhere() -> None:
    told = cases(PUBLISH_RESULT)
    assert told["permissions"].outcome == "error"
    assert {case.outcome for name, case in told.items() if name.endswith("· permissions")} == {"skipped"}


def test_a_finding_beside_an_unknown_is_a_failure_that_tells_both() -> None:
    unsure = dataclasses.replace(UNKNOWN, line="retry", step=STEP.key)
    case = cases(dataclasses.replace(PUBLISH_RESULT, unknowns=(unsure,)))["editor POST /api/posts/{id}/publish · retry"]
    assert case.outcome == "failure"
    assert case.message.endswith(", and 1 finding more")
    assert UNKNOWN.missing in case.text


def test_a_path_that_is_broken_or_mistaken_passes_nowhere() -> None:
    broken = dataclasses.replace(FINDING, line="happy path", category="broken")
    cells = dict.fromkeys(RUN.lines, "unknown")
    for change in ({"findings": (broken,)}, {"findings": (), "mistake": "answered 422"}):
        result = dataclasses.replace(PUBLISH_RESULT, unknowns=(), cells=cells, **change)
        assert outcomes(result) <= {"failure", "error"}


def test_a_run_that_was_interrupted_passes_nowhere() -> None:
    surveyed = PathResult(path=PUBLISH_RESULT.path, steps=PUBLISH_RESULT.steps)
    assert outcomes(surveyed, dataclasses.replace(RUN, verdict=None)) == {"error"}


def test_a_step_that_was_left_out_is_skipped() -> None:
    told = cases(dataclasses.replace(PUBLISH_RESULT, fired=(STEP.key,), unknowns=()))
    assert told["nobody GET /posts/{slug} · retry"].outcome == "skipped"
    assert told["editor POST /api/posts/{id}/publish · inputs"].outcome == "passed"
    assert READ_STEP.key == "nobody GET /posts/{slug} #1"


def test_what_is_waived_is_skipped_with_its_reason() -> None:
    waiver = dataclasses.replace(RUN.waivers[1], until=RUN.waivers[0].until)
    run = dataclasses.replace(RUN, waivers=(waiver,))
    case = cases(PUBLISH_RESULT, run)["editor POST /api/posts/{id}/publish · retry"]
    assert case.outcome == "skipped"
    assert case.message.startswith("waived until 2026-12-31 by Ann <ann@example.org>: two notifications")


def test_no_critical_path_is_no_success(record: Record) -> None:
    root = parsed(shown(record, paths=()))
    assert (root.get("tests"), root.get("errors")) == ("1", "1")


def test_what_xml_forbids_is_told_by_its_number(record: Record) -> None:
    dirty = "a\x00b\x1b[31m\ufffe\ud800]]><&\"'\x85 ü 🚀"
    finding = dataclasses.replace(FINDING, title=dirty, fix=dirty, points=(dirty,))
    unknown: Unknown = dataclasses.replace(UNKNOWN, missing=dirty)
    result = dataclasses.replace(PUBLISH_RESULT, findings=(finding,), unknowns=(unknown,))
    text = shown(record, paths=(result,))
    text.encode()
    (failure,) = parsed(text).iter("failure")
    said = "a\\x00b\\x1b[31m\\xfffe\\xd800]]><&\"'\x85 ü 🚀"
    assert failure.get("message") == said
    assert said in (failure.text or "")
    assert isinstance(finding, Finding)
