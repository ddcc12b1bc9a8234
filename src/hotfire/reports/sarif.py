"""SARIF 2.1.0, which code hosts show beside the code: each finding at the line of critical_paths.py it is of.

One rule for each line of the checklist and class, with the check's own explanation; one result for each cause, known
again by its fingerprint. Blockers are errors, notes are notes. GitHub's code scanning shows each result as an alert,
whatever its `kind`, and knows no `suppressions`; so what was not judged is a warning, and what is waived a note that
carries its suppression for those who know them.

    hotfire check --report sarif=hotfire.sarif
"""

import importlib
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal
from urllib.parse import quote

import msgspec

from hotfire import checks
from hotfire.model.judgement import Finding
from hotfire.model.run import PathResult, Run
from hotfire.reports.archive import Record
from hotfire.reports.phrases import notices, verdict_reason, verdict_word, waiver_says
from hotfire.reports.telling import (
    Judgement,
    lines_of,
    project_of,
    repository_of,
    source_line,
    source_of,
    title_of,
)
from hotfire.waivers import HAPPY

SUFFIX = "sarif"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Level = Literal["error", "warning", "note"]
Json = dict[str, object]

_SEVERITIES: dict[Level, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
_MISTAKE_HELP = """\
The undisturbed critical path did not come to its end, by its own mistake.

Nothing of it was judged. Correct the request in critical_paths.py, or write the status that it may be answered with:
expect=…
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One result before it is written: `places` are the file, line and step of each critical path that meets it.

    `usual` is its rule's level, which a waiver does not change.
    """

    rule: str
    word: str
    level: Level
    usual: Level
    fingerprint: str
    text: str
    help: str
    places: tuple[tuple[str, int, str], ...]
    properties: tuple[tuple[str, str], ...] = ()
    waiver: str = ""


def render(record: Record) -> str:
    """The whole log, with one run."""
    alerts = list(_alerts(record))
    rules = list({alert.rule: alert for alert in alerts}.values())
    numbers = {alert.rule: index for index, alert in enumerate(rules)}
    run = record.run
    told = {
        "tool": {
            "driver": {
                "name": "hotfire",
                "version": version("hotfire"),
                "semanticVersion": version("hotfire"),
                "rules": [_rule(alert) for alert in rules],
            }
        },
        "automationDetails": {"id": f"hotfire/{run.project}/{run.id}"},
        "invocations": [_invocation(run)],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(alert, numbers[alert.rule]) for alert in alerts],
        "properties": {"verdict": verdict_word(run), "reason": verdict_reason(run)},
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [told]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _alerts(record: Record) -> Iterator[Alert]:
    """One for each cause, in the order of the paths, the mistakes of paths last."""
    met: dict[str, list[tuple[PathResult, Judgement]]] = {}
    for result in record.run.paths:
        for judgement in result.judgements:
            met.setdefault(judgement.fingerprint, []).append((result, judgement))
    for meetings in met.values():
        yield _alert(record, meetings)
    yield from (_mistake(record, result) for result in record.run.paths if result.mistake)


def _alert(record: Record, meetings: Sequence[tuple[PathResult, Judgement]]) -> Alert:
    run, (result, first) = record.run, meetings[0]
    missing = dict.fromkeys(title_of(judgement) for _, judgement in meetings[1:])
    missing.pop(title_of(first), None)
    category = first.category if isinstance(first, Finding) else "unknown"
    places = [(*_place(record, each, judgement.step), judgement.step) for each, judgement in meetings]
    return Alert(
        rule=f"{_slug(first.line)}/{_slug(category)}",
        word=_word(first.line, category),
        level="note" if run.waiver_of(first) else _usual(first),
        usual=_usual(first),
        fingerprint=first.fingerprint,
        text="\n".join((*lines_of(run, result, first), *(f"also: {each}" for each in missing))),
        help=_explained(first.line),
        places=tuple(dict.fromkeys(places)),
        properties=_properties(result, first),
        waiver=waiver_says(run, first) if run.waiver_of(first) else "",
    )


def _mistake(record: Record, result: PathResult) -> Alert:
    return Alert(
        rule="critical-path/mistake",
        word="the undisturbed critical path did not come to its end",
        level="error",
        usual="error",
        fingerprint=f"mistake of {result.path.name}",
        text=f"{result.path.name} did not come to its end: {result.mistake}",
        help=_MISTAKE_HELP,
        places=((*_place(record, result, ""), ""),),
        properties=(("criticalPath", result.path.name), ("owner", result.path.owner)),
    )


def _usual(judgement: Judgement) -> Level:
    if isinstance(judgement, Finding):
        return "error" if judgement.severity == "blocker" else "note"
    return "warning"


def _properties(result: PathResult, judgement: Judgement) -> tuple[tuple[str, str], ...]:
    named = {
        "criticalPath": result.path.name,
        "step": judgement.step,
        "owner": result.path.owner,
        "fix": judgement.fix,
        "replay": f"hotfire replay {judgement.trial}" if judgement.trial else "",
    }
    return tuple((name, value) for name, value in named.items() if value)


def _place(record: Record, result: PathResult, step: str) -> tuple[str, int]:
    file = source_of(result.path, repository_of(record), project_of(record))
    return quote(file), source_line(result, step)


def _explained(line: str) -> str:
    """What the check's own file says of the line."""
    if line == HAPPY:
        return f"{HAPPY}: every critical path comes to its end undisturbed, before anything else is asked of it."
    if line not in checks.checks():
        return f"{line}: a line of the checklist that this version of hotfire does not have."
    return inspect.getdoc(importlib.import_module(f"{checks.__name__}.{line}")) or line


def _word(line: str, category: str) -> str:
    """The class as the check's docstring tells it, in its list of classes."""
    if category == "unknown":
        return f"{line} could not be judged"
    told = re.search(rf"^ +{re.escape(category)} {{2,}}(.+)$", _explained(line), re.MULTILINE)
    return f"{category}: {told[1]}" if told else category


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _rule(alert: Alert) -> Json:
    summary = alert.help.partition("\n\n")[0].replace("\n", " ")
    return {
        "id": alert.rule,
        "name": "".join(part.capitalize() for part in re.split(r"[-/]", alert.rule)),
        "shortDescription": {"text": alert.word},
        "fullDescription": {"text": summary},
        "help": {"text": alert.help, "markdown": f"```text\n{alert.help}\n```"},
        "defaultConfiguration": {"level": alert.usual},
        "properties": {
            "tags": ["hotfire", alert.rule.partition("/")[0]],
            "precision": "very-high",
            "problem.severity": _SEVERITIES[alert.usual],
        },
    }


def _result(alert: Alert, rule: int) -> Json:
    """Where one result tells of suppressions, section 3.27.23 wants all of them to."""
    first, *others = [_location(*place) for place in alert.places]
    suppression = {"kind": "external", "status": "accepted", "justification": alert.waiver}
    return {
        "ruleId": alert.rule,
        "ruleIndex": rule,
        "kind": "fail",
        "level": alert.level,
        "message": {"text": alert.text},
        "locations": [first],
        "relatedLocations": [{"id": number, **each} for number, each in enumerate(others, 1)],
        "fingerprints": {"hotfire/v1": alert.fingerprint},
        "partialFingerprints": {"primaryLocationLineHash": f"{alert.fingerprint}:1"},
        "suppressions": [suppression] if alert.waiver else [],
        "properties": dict(alert.properties),
    }


def _location(uri: str, line: int, step: str) -> Json:
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "SRCROOT"},
            "region": {"startLine": line},
        }
    }
    if step:
        location["message"] = {"text": step}
    return location


def _invocation(run: Run) -> Json:
    said = [{"level": "note", "message": {"text": notice}} for notice in notices(run)]
    ended = run.verdict is not None and not any(result.mistake for result in run.paths)
    told: Json = {
        "executionSuccessful": ended,
        "startTimeUtc": f"{run.started[:19]}Z",
        "arguments": list(run.command),
        "toolExecutionNotifications": said,
    }
    return told if run.exit_code is None else {**told, "exitCode": run.exit_code}
