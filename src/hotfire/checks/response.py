"""response: each step answers what was recorded and reviewed, apart from what is generated.

`hotfire record` plays each critical path and writes what each step answers to `launch/expected/PATH/STEP.txt`; a person
reads it and writes name and date into it: reviewed = "2026-11-28 ann". From then on the undisturbed runs of each step
must answer the same: status, the headers that matter, the body. A step that is not recorded or not reviewed is UNKNOWN.

    other status      another status
    wrong id          a generated value is not the one that it must be: a Location that names another object
    leaked field      a JSON field is new, and its name reads as a secret's: password_hash, token
    missing field     a JSON field, or an element of a list, is gone
    changed field     a JSON field holds another value, or another type
    changed header    a header that matters is gone, new or another: cache-control, location, the attributes of a cookie
    changed page      an HTML page has lost, gained or changed an element or a text
    changed body      a body of another kind, a text with other lines, a file of other bytes
    new field         a JSON field is new: a note
    other order       a list has the same elements in another order: a note
    other spelling    a JSON number is the same and written otherwise, 10.00 and 10.0: a note

What is new in every run stands in the file as a placeholder. A named one binds: the same name is the same value, in
this answer, in its request, and in the answers of the steps before. A person may write one as well, and it stays:

    <id:post>  <id>             an id, a slug; <token> a long one without meaning, <text> one with spaces in it
    <number>                    a measure, a counter; in JSON without quotes
    <instant:zone>              a moment with its offset; :naive without, :date a day, :http, :epoch
    <instant:words>             Nov. 28, 2026, 5:56 a.m.; :figures 28/11/2026, :compact 20261128, :clock, :month,
                                :weekday, :year
    <any>                       whatever stands there, or nothing; alone in a line, any number of lines; in a JSON
                                list, any number of elements

What was the same in all runs when it was recorded, and is not today, is UNKNOWN: it was never settled. So is what
differs in days and clock times alone, however they are written: it may be made anew. One step, one finding, of its
worst difference's class; steps in which the same fields differ are one finding, too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, get_args

from hotfire.errors import UsageError
from hotfire.expected import (
    NOTES,
    REVIEWED,
    Category,
    Difference,
    Expected,
    Known,
    compare,
    form_of_reply,
    learn_request,
    parse,
)
from hotfire.model.check import UNDISTURBED, Judged, Named, null_trials
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Evidence, Finding, Judgement, Unknown
from hotfire.model.trial import Trial
from hotfire.unjudged import unknown

_SHOWN = 3
_WORST_FIRST = get_args(Category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The check of the line `response`; `expected` is what the project's files say, by critical path and step key."""

    line: ClassVar[str] = "response"
    watches: ClassVar[str] = UNDISTURBED
    reads: ClassVar[str] = "expected/*/*.txt"
    expected: Mapping[tuple[str, str], Expected] = field(default_factory=dict)

    def given(self, files: Mapping[str, str]) -> "Response":
        """The check with the recorded responses."""
        found: dict[tuple[str, str], Expected] = {}
        for place, text in files.items():
            one = parse(text, place)
            if other := found.get((one.path, one.step)):
                problem = f"{place} is of the step {one.step!r}, as {other.place} is"
                raise UsageError(problem, hint="remove one of them, or name its own step in it")
            found[one.path, one.step] = one
        return replace(self, expected=found)

    def named(self) -> Iterator[Named]:
        """The steps that the files are of."""
        for (path, step), one in self.expected.items():
            yield Named(path=path, step=step, place=one.place, hint="remove the file, or mend what it names")

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """Nothing: the undisturbed runs are enough."""
        del baseline, judged
        yield from ()

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """What an undisturbed run answered, as far as all of them did."""
        del history, judged
        expected = self.expected.get((baseline.path.name, baseline.step.key))
        if expected is None or not expected.reviewed or trial != next(null_trials(baseline))[0]:
            return  # the first of them speaks for all
        answers = dict.fromkeys(str(clean.replies[-1].status or clean.replies[-1].cut) for clean in baseline.clean)
        if len(answers) > 1:
            fix = "let it be answered alike each time; on a busy machine, give the step a longer deadline"
            yield unknown(self.line, baseline, f"undisturbed, the step is answered {' or '.join(answers)}", fix)
            return
        runs = [list(self._differences(baseline, expected, clean)) for clean in baseline.clean]
        first = runs[0]
        proven = [each for each in first if each.proof != "never" and all(each.is_seen_in(run) for run in runs[1:])]
        unsettled = [each for run in runs for each in run if each not in proven and not _is_one_of(each, proven)]
        if proven:
            yield _finding(baseline, expected, trial, proven)
        if unsettled:
            yield _unsettled(baseline, expected, trial, unsettled)

    def _differences(self, baseline: Baseline, expected: Expected, clean: History) -> Iterable[Difference]:
        """What one run answered otherwise, given what the steps before had answered."""
        known: Known = {}
        for step, reply in zip(baseline.steps, baseline.earlier, strict=False):
            if before := self.expected.get((baseline.path.name, step.key)):
                learned: Known = {}
                compare(before, form_of_reply(reply), learned)
                known = {name: (value, f"{at} of {step.key}") for name, (value, at) in learned.items()} | known
        learn_request(expected, baseline.step.target, known)
        return compare(expected, form_of_reply(clean.replies[-1]), known)

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """One finding a step; unknown where nothing is recorded, or nobody has read it."""
        causes: dict[tuple[str, ...], Finding] = {}
        for finding in (finding for each in judged for finding in each.findings):
            first = causes.setdefault(_cause(finding), finding)
            if finding.step not in (first.step, *first.points):
                causes[_cause(finding)] = replace(first, points=(*first.points, finding.step))
        yield from causes.values()
        yield from {said.step: said for each in judged for said in each.unknowns}.values()
        yield from self._missing(baselines)

    def _missing(self, baselines: Sequence[Baseline]) -> Iterator[Unknown]:
        steps = {baseline.step.key: baseline for baseline in baselines}
        path = next((baseline.path.name for baseline in baselines), "")
        files = {step: self.expected.get((path, step)) for step in steps}
        unrecorded = [step for step, file in files.items() if file is None]
        unread = {step: file.place for step, file in files.items() if file and not file.reviewed}
        if unrecorded:
            what = "no response" if len(unrecorded) == len(files) else f"no response of {', '.join(unrecorded)}"
            fix = f"run `hotfire record -p {path}`, read what it writes, and write {REVIEWED} into it"
            yield _unknown(path, unrecorded, f"{what} is recorded", fix)
        if unread:
            places = ", ".join(sorted(unread.values()))
            missing = f"{len(unread)} recorded response{'s are' if len(unread) > 1 else ' is'} not reviewed: {places}"
            yield _unknown(path, list(unread), missing, f"read each, and write {REVIEWED} into it: the day, and who")


def _cause(finding: Finding) -> tuple[str, ...]:
    """Fields and headers of one name that differ in several steps are one cause; pages are, if they differ alike."""
    names = [place if place.startswith("header ") else place.rpartition(".")[2] for place in finding.columns]
    alike = finding.title if {"page", "body", "status"} & set(names) else ""
    return (finding.severity, finding.category, alike, *sorted(set(names)))


def _is_one_of(difference: Difference, proven: Iterable[Difference]) -> bool:
    return any((difference.category, difference.place) == (each.category, each.place) for each in proven)


def _unknown(path: str, steps: Sequence[str], missing: str, fix: str) -> Unknown:
    step = steps[0] if len(steps) == 1 else ""
    return Unknown(line=Response.line, path=path, step=step, missing=missing, fix=fix)


def _finding(baseline: Baseline, expected: Expected, trial: Trial, proven: Sequence[Difference]) -> Finding:
    """All that a step answers otherwise, the worst first."""
    told = sorted(proven, key=lambda each: _WORST_FIRST.index(each.category))
    texts = list(dict.fromkeys(each.text for each in told))
    return Finding(
        line=Response.line,
        severity="note" if told[0].category in NOTES else "blocker",
        path=baseline.path.name,
        step=baseline.step.key,
        category=told[0].category,
        title="; ".join(texts[:_SHOWN]),
        points=tuple(texts[_SHOWN:]),
        fix=f"mend the service; if it is meant: {_record(baseline)}, and review the difference in {expected.place}",
        columns=tuple(sorted({each.place for each in told})),
        evidence=(Evidence(trial=trial.id, pointer="replies[0]"),),
        trial=trial.id,
    )


def _unsettled(baseline: Baseline, expected: Expected, trial: Trial, differences: Sequence[Difference]) -> Unknown:
    places = ", ".join(list(dict.fromkeys(each.place for each in differences))[:_SHOWN])
    timely = all(each.proof == "never" for each in differences)
    why = (
        "differs in time alone, and may be made anew"
        if timely
        else "was settled when it was recorded, and varies today"
    )
    missing = f"{places} {why}: {differences[0].text}"
    fix = f"make it repeatable, or run {_record(baseline)}, and review the difference in {expected.place}"
    if timely and (write := differences[0].write):  # recorded anew, it would be of that day
        fix = f"make it repeatable, or expect it on any day: write {write} there in {expected.place}"
    return unknown(Response.line, baseline, missing, fix, trial.id)


def _record(baseline: Baseline) -> str:
    return f"`hotfire record -p {baseline.path.name} --step '{baseline.step.key}'`"
