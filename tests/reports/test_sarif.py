"""SARIF 2.1.0: what the published schema and the specification require, each rule by value."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from importlib.metadata import version

import pytest

from hotfire import checks
from hotfire.reports.archive import Record
from hotfire.reports.sarif import render
from tests.reports.sample import FINDING, NOTE, PUBLISH, PUBLISH_RESULT, READ_RESULT, RUN, STEP, UNKNOWN

Snapshot = Callable[[str, str], None]
Json = dict[str, object]

RUN_KEYS = {
    "tool",
    "automationDetails",
    "invocations",
    "originalUriBaseIds",
    "columnKind",
    "results",
    "properties",
}  # those of the schema's `run` that we write; it allows no others than it names
RESULT_KEYS = {
    "ruleId",
    "ruleIndex",
    "kind",
    "level",
    "message",
    "locations",
    "relatedLocations",
    "fingerprints",
    "partialFingerprints",
    "suppressions",
    "properties",
}
RULE_KEYS = {
    "id",
    "name",
    "shortDescription",
    "fullDescription",
    "help",
    "defaultConfiguration",
    "properties",
}


def log(record: Record, **changes: object) -> dict:
    return json.loads(render(Record(run=dataclasses.replace(record.run, **changes), folder=record.folder)))


def told(record: Record, **changes: object) -> dict:
    (run,) = log(record, **changes)["runs"]
    return run


def messages(value: object) -> Iterator[dict]:
    """Every object under a key that the schema types as message or multiformatMessageString."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in {"message", "help", "shortDescription", "fullDescription", "description"}:
                yield each
            yield from messages(each)
    elif isinstance(value, list):
        for each in value:
            yield from messages(each)


def test_a_run(record: Record, snapshot: Snapshot) -> None:
    snapshot("sarif.txt", render(record).replace(f'"{version("hotfire")}"', '"VERSION"'))


def test_the_log_has_its_version_and_its_schema(record: Record) -> None:
    document = log(record)
    assert set(document) == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("/sarif-schema-2.1.0.json")


def test_the_run_has_what_the_schema_requires_and_nothing_else(record: Record) -> None:
    run = told(record)
    assert set(run) == RUN_KEYS
    assert run["tool"]["driver"]["name"] == "hotfire"
    assert re.fullmatch(r"\d+\.\d+\.\d+", run["tool"]["driver"]["semanticVersion"])
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    (invocation,) = run["invocations"]
    assert isinstance(invocation["executionSuccessful"], bool)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", invocation["startTimeUtc"])
    assert all(isinstance(argument, str) for argument in invocation["arguments"])
    for each in invocation["toolExecutionNotifications"]:
        assert each["level"] in {"none", "note", "warning", "error"}
        assert each["message"]["text"]


def test_rules_are_unique_and_say_what_they_are(record: Record) -> None:
    rules = told(record)["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) == RULE_KEYS
        assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", rule["id"])
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
        assert rule["help"]["text"].strip()
        assert len(rule["properties"]["tags"]) == len(set(rule["properties"]["tags"]))


def test_results_have_what_the_schema_and_code_scanning_require(record: Record) -> None:
    run = told(record)
    for result in run["results"]:
        assert set(result) == RESULT_KEYS
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "fail", "section 3.27.10: another kind has the level none, and is shown as an alert"
        assert result["level"] in {"note", "warning", "error"}
        assert len(result["locations"]) == 1, "code scanning refuses a result without a location"
        for location in (*result["locations"], *result["relatedLocations"]):
            physical = location["physicalLocation"]
            assert physical["region"]["startLine"] >= 1
            assert physical["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
            assert re.fullmatch(r"[\w./%~-]+", physical["artifactLocation"]["uri"])
        for each in (result["fingerprints"], result["partialFingerprints"]):
            assert each
            assert all(isinstance(value, str) for value in each.values())


def test_where_one_result_tells_of_suppressions_all_do(record: Record) -> None:
    """Section 3.27.23; what one holds, 3.35."""
    suppressions = [each["suppressions"] for each in told(record)["results"]]
    assert all(isinstance(each, list) for each in suppressions)
    (one,) = [each for each in suppressions if each]
    (suppression,) = one
    assert suppression["kind"] == "external"
    assert suppression["status"] == "accepted"
    assert suppression["justification"] == "waived until 2026-12-31 by Bob <bob@example.org>: the page is public"


def test_every_message_has_a_text(record: Record) -> None:
    found = list(messages(log(record)))
    assert len(found) > 10
    for message in found:
        assert set(message) <= {"text", "markdown"}
        assert message["text"].strip()


def levels(run: dict) -> dict[str, str]:
    return {result["ruleId"]: result["level"] for result in run["results"]}


def test_levels(record: Record) -> None:
    assert levels(told(record, waivers=())) == {
        "retry/duplicate": "error",
        "permissions/unknown": "warning",
        "retry/effect-of-a-safe-method": "note",
        "critical-path/mistake": "error",
    }


def test_a_waived_blocker_is_a_note_of_a_rule_that_stays_an_error(record: Record) -> None:
    waiver = dataclasses.replace(RUN.waivers[1], until=RUN.waivers[0].until)
    run = told(record, waivers=(waiver,))
    assert levels(run)["retry/duplicate"] == "note"
    (rule,) = [rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "retry/duplicate"]
    assert rule["defaultConfiguration"]["level"] == "error"


def test_a_rule_s_help_is_the_check_s_own(record: Record) -> None:
    rules = {rule["id"]: rule for rule in told(record)["tool"]["driver"]["rules"]}
    rule = rules["retry/duplicate"]
    assert rule["shortDescription"]["text"] == "duplicate: something is there twice"
    assert rule["help"]["text"].startswith("retry: every step is safe to send again.")
    assert "retry" in checks.checks()


def test_a_result_stands_at_its_step_s_line(record: Record) -> None:
    steps = tuple(dataclasses.replace(step, line=30 + index) for index, step in enumerate(PUBLISH_RESULT.steps))
    project = record.folder.parents[1]
    path = dataclasses.replace(PUBLISH, file=f"{project}/launch of it/critical_paths.py", line=20)
    result, unjudged, *_ = told(record, paths=(dataclasses.replace(PUBLISH_RESULT, path=path, steps=steps),))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "launch%20of%20it/critical_paths.py"
    assert place["region"]["startLine"] == 31
    assert unjudged["locations"][0]["physicalLocation"]["region"]["startLine"] == 20


def test_the_fingerprint_is_the_finding_s_and_outlives_lines_points_and_words(record: Record) -> None:
    moved = dataclasses.replace(FINDING, points=("another",), title="other words", trial="ffffffff")
    steps = tuple(dataclasses.replace(step, line=99) for step in PUBLISH_RESULT.steps)
    changed = dataclasses.replace(PUBLISH_RESULT, findings=(moved,), steps=steps)
    first, second = told(record)["results"][0], told(record, paths=(changed,))["results"][0]
    for key in ("fingerprints", "partialFingerprints", "ruleId"):
        assert first[key] == second[key]
    assert first["fingerprints"] == {"hotfire/v1": FINDING.fingerprint}


def test_one_cause_in_two_paths_is_one_result(record: Record) -> None:
    again = dataclasses.replace(READ_RESULT, steps=(STEP,), findings=(FINDING,), unknowns=())
    run = told(record, paths=(PUBLISH_RESULT, dataclasses.replace(again, path=dataclasses.replace(PUBLISH, line=50))))
    (result,) = [each for each in run["results"] if each["ruleId"] == "retry/duplicate"]
    assert [each["id"] for each in result["relatedLocations"]] == [1]


def test_unknowns_of_one_step_and_line_are_one_result_that_tells_all(record: Record) -> None:
    more = dataclasses.replace(UNKNOWN, missing="a task was left at work")
    run = told(record, paths=(dataclasses.replace(PUBLISH_RESULT, unknowns=(UNKNOWN, more, UNKNOWN)),))
    (result,) = [each for each in run["results"] if each["ruleId"] == "permissions/unknown"]
    assert result["message"]["text"].endswith("also: a task was left at work")


@pytest.mark.parametrize(("line", "rule"), [("happy path", "happy-path/broken"), ("gone", "gone/broken")])
def test_a_line_without_a_check_is_explained_too(record: Record, line: str, rule: str) -> None:
    finding = dataclasses.replace(NOTE, line=line, category="broken")
    run = told(record, paths=(dataclasses.replace(READ_RESULT, findings=(finding,), unknowns=()),))
    (only,) = run["tool"]["driver"]["rules"]
    assert only["id"] == rule
    assert only["help"]["text"].startswith(line)


def test_a_run_that_found_nothing_still_closes_what_was_found_before(record: Record) -> None:
    run = told(record, paths=(dataclasses.replace(READ_RESULT, findings=(), unknowns=()),), exit_code=0, verdict="GO")
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True
