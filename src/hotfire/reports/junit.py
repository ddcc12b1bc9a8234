"""JUnit's XML, which every CI server shows: a suite for each critical path, a case for each step and line.

A blocker is a failure, with its story; what was not judged is an error of type "unknown", so that it never looks
passed; what is waived, and what was not asked for, is skipped with the reason. Owner, cells and the run's verdict are
the suite's properties.

    hotfire check --report junit=report.xml
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.reports.archive import Record
from hotfire.reports.phrases import (
    cell_of,
    count,
    is_unproven,
    notices,
    step_name,
    verdict_reason,
    verdict_word,
    waiver_says,
)
from hotfire.reports.telling import lines_of, project_of, source_line, source_of, title_of
from hotfire.waivers import HAPPY

SUFFIX = "xml"

Outcome = Literal["passed", "failure", "error", "skipped"]

_FORBIDDEN = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML 1.0 section 2.2 does not allow, not even as a reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One testcase: `kind` is the type of a failure or an error, `text` its story, or what a pass has to say."""

    name: str
    line: int
    outcome: Outcome = "passed"
    kind: str = ""
    message: str = ""
    text: str = ""


def render(record: Record) -> str:
    """The whole document."""
    run = record.run
    suites = [_suite(record, result) for result in run.paths] or [_empty(run)]
    root = ET.Element("testsuites", {"name": "hotfire", **_sums(suites), "time": f"{run.seconds:.3f}"})
    root.extend(suites)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _sums(suites: Sequence[ET.Element]) -> dict[str, str]:
    names = ("tests", "failures", "errors", "skipped")
    return {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in names}


def _suite(record: Record, result: PathResult) -> ET.Element:
    cases = list(cases_of(record.run, result))
    suite = _element("testsuite", name=result.path.name, **_counts(cases))
    suite.set("timestamp", record.run.started[:19])
    suite.set("time", f"{result.seconds:.3f}")
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(record.run, result):
        properties.append(_element("property", name=name, value=value))
    file = source_of(result.path, project_of(record), project_of(record))
    suite.extend(_case(case, result.path.name, file) for case in cases)
    return suite


def _empty(run: Run) -> ET.Element:
    """A run without a critical path is no success: an empty document would look like one."""
    case = Case(name="verdict", line=1, outcome="error", kind="unknown", message="no critical path was fired")
    suite = _element("testsuite", name=run.project or "hotfire", **_counts([case]))
    suite.append(_case(case, "hotfire", ""))
    return suite


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    named: dict[str, Outcome] = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(cases)), **{name: str(outcomes.count(word)) for name, word in named.items()}}


def _properties(run: Run, result: PathResult) -> Iterator[tuple[str, str]]:
    yield "verdict", verdict_word(run)
    yield "reason", verdict_reason(run)
    yield "run", run.id
    yield "owner", result.path.owner
    yield "expected", result.path.expected
    yield "rollback", result.path.rollback
    yield from (("note", notice) for notice in notices(run))
    yield from ((f"line.{line}", cell_of(run, result, line)) for line in (*run.lines, *run.not_asked))


def _case(case: Case, path: str, file: str) -> ET.Element:
    element = _element("testcase", classname=path, name=case.name)
    if file:
        element.set("file", _legal(file))
        element.set("line", str(case.line))
    if case.outcome == "passed":
        if case.text:
            ET.SubElement(element, "system-out").text = _legal(case.text)
        return element
    told = _element(case.outcome, message=case.message)
    if case.kind:
        told.set("type", _legal(case.kind))
    told.text = _legal(case.text) or None
    element.append(told)
    return element


def cases_of(run: Run, result: PathResult) -> Iterator[Case]:
    """Each step with each adopted line, then what was said of neither, then the path's own mistake."""
    said = list(dict.fromkeys(result.judgements))
    grid = [(step.key, line) for step in result.steps for line in run.lines]
    others = dict.fromkeys((each.step, each.line) for each in said)
    for step, line in dict.fromkeys((*grid, *others)):
        here = [each for each in said if (each.step, each.line) == (step, line)]
        yield _judged(run, result, step, line, here) or _unsaid(run, result, step, line, here)
    if result.mistake:
        yield Case(
            name="the undisturbed path",
            line=result.path.line or 1,
            outcome="error",
            kind="mistake",
            message=result.mistake,
            text="correct the critical path: it did not come to its end, so that nothing was judged",
        )


def _judged(run: Run, result: PathResult, step: str, line: str, said: Sequence[Finding | Unknown]) -> Case | None:
    """The case of a step and line of which something was said that is more than a note."""
    serious = [each for each in said if not isinstance(each, Finding) or each.severity == "blocker"]
    counting = [each for each in serious if not run.waiver_of(each)]
    told = counting or serious
    if not told:
        return None
    blockers = [each.category for each in counting if isinstance(each, Finding)]
    outcome: Outcome = "failure" if blockers else "error" if counting else "skipped"
    message = title_of(told[0]) if counting else waiver_says(run, told[0])
    more = f", and {count(len(told) - 1, 'finding')} more" if len(told) > 1 else ""
    return Case(
        name=_name(step, line),
        line=source_line(result, step),
        outcome=outcome,
        kind=blockers[0] if blockers else "unknown" if counting else "",
        message=f"{message}{more}",
        text="\n\n".join("\n".join(lines_of(run, result, each)) for each in serious),
    )


def _unsaid(run: Run, result: PathResult, step: str, line: str, notes: Sequence[Finding | Unknown]) -> Case:
    """The case of a step and line against which nothing was said: passed, if it was fired and could be judged."""
    outcome, why = _outcome(run, result, step, line)
    return Case(
        name=_name(step, line),
        line=source_line(result, step),
        outcome=outcome,
        kind="unknown" if outcome == "error" else "",
        message=why,
        text="\n\n".join("\n".join(lines_of(run, result, each)) for each in notes),
    )


def _outcome(run: Run, result: PathResult, step: str, line: str) -> tuple[Outcome, str]:
    """What silence means: a pass only where the step was fired and its whole path was judged."""
    if result.mistake or any(finding.line == HAPPY for finding in result.findings):
        return "error", "not judged: the undisturbed path did not come to its end"
    if line in run.lines and line not in result.cells:
        return "error", "not judged: the run ended before it"
    if any(not unknown.step and unknown.line == line for unknown in result.unknowns):
        return "skipped", f"{line} was not judged for the whole critical path"
    if step in {each.key for each in result.steps} and step not in result.fired:
        return "skipped", "this step was not fired"
    if is_unproven(run, result, line):
        return "skipped", "not proven: there was nothing to ask of this critical path"
    return "passed", ""


def _name(step: str, line: str) -> str:
    return f"{step_name(step)} · {line}" if step else line


def _element(tag: str, **attributes: str) -> ET.Element:
    return ET.Element(tag, {name: _legal(value) for name, value in attributes.items()})


def _legal(text: str) -> str:
    """The text with each character that XML forbids told by its number."""
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
