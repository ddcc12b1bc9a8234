"""Waivers: accepted risks, each with an owner, a reason and an end date, in `launch/waivers.toml`.

One `[[waiver]]` for each risk. `hotfire report --format waivers` prints an entry for all that stands in the latest
run; write in who accepts it, why, and until when (the last day on which it counts, in UTC):

    [[waiver]]
    line = "retry"
    step = "editor POST /api/posts/{id}/publish"
    class = "duplicate"
    tables = ["notifications"]
    owner = "Ann <ann@example.org>"
    reason = "Two notifications in a crash are better than none until the outbox is there (SHOP-214)."
    until = 2027-01-31

A finding is named by its `fingerprint`, or by `line`, `step` and `class`, and perhaps `tables`: what is accepted of
some tables is not accepted of others. What could not be judged is named without a class: by `line` and `step`, or by
`line` and `path` where a whole critical path is meant. `path` narrows any of them to one critical path. All that is
written must hold.

A waived blocker makes no NO-GO and a waived unknown no UNKNOWN: the cell is `w`, and every report shows it with its
owner, reason and end. When `until` is past it counts again, and the report says so. An entry that nothing meets any
more is told too. No waiver hides a mistake of the critical path (exit 4) or a fault of hotfire.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Never

from hotfire.errors import UsageError
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import Run
from hotfire.model.waiver import Waiver
from hotfire.toml import day, quoted, tables

FILE = "waivers.toml"
HAPPY = "happy path"

_KEYS = ("fingerprint", "line", "path", "step", "class", "tables", "owner", "reason", "until")
_EXAMPLES = {
    "fingerprint": 'fingerprint = "3f9c1a2b4d5e", as the report shows it',
    "line": 'line = "retry"',
    "path": 'path = "publish_article"',
    "step": 'step = "author POST /api/posts"',
    "class": 'class = "duplicate"',
    "tables": 'tables = ["notifications"]',
    "owner": 'owner = "Ann <ann@example.org>": who accepts the risk',
    "reason": 'reason = "why it is accepted, and what will end it"',
    "until": "until = 2027-01-31: the last day on which it counts",
}


def parse(text: str, filename: str = f"launch/{FILE}", *, known_lines: Collection[str] = ()) -> tuple[Waiver, ...]:
    """The waivers that the text of a waivers.toml holds, in its order; `known_lines` are the checklist's.

    Raises:
        UsageError: it is no TOML, or an entry lacks or mistakes something; names the file, the entry and the field.
    """
    found = tables(text, filename, "waiver", hint="`hotfire explain waivers` shows an entry")
    return tuple(_Entry(place, table).waiver(known_lines) for place, table in found)


def needless(run: Run) -> Iterator[Waiver]:
    """The waivers that nothing in the run meets: told only where all was fired, and judged to its end."""
    judged = run.whole and run.verdict is not None and not any(result.mistake for result in run.paths)
    unsure = any(not run.waiver_of(unknown) for result in run.paths for unknown in result.unknowns)
    if not judged or unsure:
        return
    met = [each for result in run.paths for each in result.judgements]
    for waiver in run.waivers:
        asked = waiver.line in {"", HAPPY, *run.lines}
        if asked and not any(waiver.covers(judgement) for judgement in met):
            yield waiver


def entry(judgement: Finding | Unknown) -> str:
    """The entry that would waive it, for a person to complete: who, why and until when are left to them."""
    step = judgement.step.removesuffix(" #1")
    lines = [f"line = {quoted(judgement.line)}"]
    if not step or (isinstance(judgement, Finding) and judgement.whole):
        lines.append(f"path = {quoted(judgement.path)}")
    lines += [f"step = {quoted(step)}"] if step else []
    if isinstance(judgement, Finding):
        changed = sorted({column.split(".")[0] for column in judgement.columns})
        lines.append(f"class = {quoted(judgement.category)}")
        lines += [f"tables = [{', '.join(map(quoted, changed))}]"] if changed else []
    return "\n".join(["[[waiver]]", *lines, 'owner = ""', 'reason = ""', 'until = ""', ""])


@dataclass(frozen=True, slots=True)
class _Entry:
    """One table, read field by field."""

    place: str
    table: Mapping[str, object]

    def waiver(self, known_lines: Collection[str]) -> Waiver:
        self._know_keys()
        read = Waiver(
            owner=self._required("owner"),
            reason=self._required("reason"),
            until=self._until(),
            fingerprint=self._fingerprint(),
            line=self._line(known_lines),
            path=self._text("path"),
            step=self._text("step"),
            category=self._text("class"),
            tables=self._tables(),
            place=self.place,
        )
        self._names_something(read)
        return read

    def _know_keys(self) -> None:
        for key in self.table:
            if key not in _KEYS:
                near = difflib.get_close_matches(key, _KEYS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(_KEYS)}"
                raise UsageError(f"{self.place} has the unknown key {key!r}", hint=hint)

    def _names_something(self, read: Waiver) -> None:
        if read.fingerprint:
            return
        if not read.line:
            self._fail("line", "names nothing: it has neither fingerprint nor line")
        if (read.category or read.tables) and not (read.step and read.category):
            missing = "class" if read.step else "step"
            self._fail(missing, f"names a finding, and has no {missing}")
        if not (read.step or read.path):
            self._fail("step", "names what was not judged, and has neither step nor path")

    def _required(self, key: str) -> str:
        if key not in self.table or self.table[key] == "":
            self._fail(key, f"has no {key}")
        return self._text(key)

    def _text(self, key: str) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str) or (key in self.table and not value.strip()):
            self._fail(key, f"has {'an' if key == 'owner' else 'a'} {key} that is no text")
        return value.strip()

    def _until(self) -> date:
        value = self.table.get("until", "")
        if value == "":
            self._fail("until", "has no until")
        if isinstance(value, str):
            return self._read_day(value)
        if isinstance(value, datetime) or not isinstance(value, date):
            self._fail("until", "has an until that is no day")
        return value

    def _read_day(self, text: str) -> date:
        return day(text.strip()) or self._fail("until", f"has an until that is no day: {text!r}")

    def _fingerprint(self) -> str:
        text = self._text("fingerprint")
        if text and not re.fullmatch("[0-9a-f]{12}", text):
            self._fail("fingerprint", f"has a fingerprint that is not twelve hex digits: {text!r}")
        return text

    def _line(self, known: Collection[str]) -> str:
        line = self._text("line")
        if line and known and line not in {*known, HAPPY}:
            hint = f"the lines that exist are {', '.join(sorted(known))}"
            raise UsageError(f"{self.place} names the line {line!r}, which does not exist", hint=hint)
        return line

    def _tables(self) -> tuple[str, ...]:
        value = self.table.get("tables", [])
        texts = value if isinstance(value, list) else [value]
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in texts):
            self._fail("tables", "has tables that are no list of texts")
        return tuple(str(each) for each in texts)

    def _fail(self, key: str, problem: str) -> Never:
        raise UsageError(f"{self.place} {problem}", hint=f"write {_EXAMPLES[key]}")
