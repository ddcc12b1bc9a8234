"""One self-contained HTML page, which works without JavaScript: verdict, grid, findings, their evidence, ledger.

Whatever came from the service is escaped; the page asks for nothing from anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from hotfire.errors import UsageError
from hotfire.model.history import History, LogLine, Reply, RowChange
from hotfire.model.judgement import Finding
from hotfire.model.run import MARKS, PathResult, Run
from hotfire.references import references_of
from hotfire.reports.archive import Record, StoredTrial
from hotfire.reports.phrases import (
    cell_of,
    count,
    duration,
    is_unproven,
    kind_word,
    notices,
    path_line,
    perturbation_says,
    step_name,
    verdict_reason,
    verdict_word,
    waiver_says,
)
from hotfire.reports.timeline import ChangedRow, Moment, answer, asked, changed, timeline
from hotfire.waivers import entry

SUFFIX = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row change, and whether a finding points at it."""

    change: ChangedRow
    pointed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The trial that shows a finding; `expected` is what one undisturbed run leaves in the tables concerned.

    `meanwhile` is what was left when the fault was gone, where the finding is about that; `undone` what the path's undo
    asked, with the answer, and `remains` what it left, where that was played.
    """

    id: str
    perturbation: str
    moments: tuple[Moment, ...]
    pointers: frozenset[str]
    replies: tuple[tuple[str, Reply], ...]
    meanwhile: tuple[ChangedRow, ...] | None
    state: tuple[Row, ...]
    expected: tuple[ChangedRow, ...]
    logs: tuple[LogLine, ...]
    undone: tuple[str, ...]
    remains: tuple[ChangedRow, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding with what the page shows of it."""

    finding: Finding
    step: str
    owner: str
    proof: Proof | None


def render(record: Record) -> str:
    """The whole page."""
    run = record.run
    ignored, masked = _not_compared(record)
    return _template().render(
        run=run,
        word=verdict_word(run),
        reason=verdict_reason(run),
        took=duration(run.seconds),
        lines=(*run.lines, *run.not_asked),
        findings=_findings(record, run.paths),
        unknowns=[unknown for result in run.paths for unknown in dict.fromkeys(result.unknowns)],
        ledgers=[(result.path.name, line, each) for result in run.paths for line, each in result.ledgers.items()],
        notices=notices(run),
        ignored=ignored,
        masked=masked,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("hotfire.reports", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(count=count, duration=duration, path_line=path_line, step_name=step_name, mark=_mark)
    environment.globals.update(
        is_unproven=is_unproven, kind_word=kind_word, waiver_says=waiver_says, waiver_entry=entry
    )
    return environment.get_template("page.html.jinja")


def _mark(run: Run, result: PathResult, line: str) -> tuple[str, str]:
    """A cell's sign and its word."""
    cell = cell_of(run, result, line)
    return MARKS[cell], cell


def _findings(record: Record, results: Iterable[PathResult]) -> list[FindingView]:
    """The blockers first, in the order of the paths."""
    views = [
        FindingView(
            finding=finding,
            step=step_name(finding.step),
            owner=result.path.owner,
            proof=_proof(record, finding),
        )
        for result in results
        for finding in result.findings
    ]
    return sorted(views, key=lambda view: view.finding.severity != "blocker")


def _proof(record: Record, finding: Finding) -> Proof | None:
    """The finding's own trial, where it is on disk."""
    try:
        stored = record.trial(finding.trial) if finding.trial else None
        return _proof_of(record, finding, stored) if stored else None
    except UsageError:
        return None


def _proof_of(record: Record, finding: Finding, stored: StoredTrial) -> Proof:
    trial, history = stored.judged.trial, stored.judged.history
    pointers = frozenset(each.pointer for each in finding.evidence if each.trial == trial.id)
    baseline = record.baseline(stored)
    clean, dependencies = (baseline.clean[-1].state, baseline.kinds) if baseline else ((), {})
    tables = {column.partition(".")[0] for column in finding.columns if column not in dependencies}
    left = history.meanwhile if "meanwhile" in pointers else None
    undone = history.undone
    return Proof(
        id=trial.id,
        perturbation=perturbation_says(trial),
        moments=timeline(history, step_name(trial.step)),
        pointers=pointers,
        replies=tuple((answer(reply), reply) for reply in history.replies),
        meanwhile=None if left is None else tuple(map(changed, left)),
        state=tuple(_rows(history, pointers)),
        expected=tuple(changed(change) for change in _concerned(clean, tables)),
        logs=(*history.opening, *history.logs, *(undone.logs if undone else ())),
        undone=tuple(asked(undone)) if undone else (),
        remains=tuple(map(changed, undone.state)) if undone else None,
    )


def _rows(history: History, pointers: frozenset[str]) -> Iterable[Row]:
    for index, change in enumerate(history.state):
        yield Row(change=changed(change), pointed=f"state[{index}]" in pointers)


def _concerned(state: tuple[RowChange, ...], tables: set[str]) -> Iterable[RowChange]:
    return (change for change in state if not tables or change.table in tables)


def _not_compared(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the team declared to be no state, shown like a waiver, and what was learned to be generated."""
    ignored = dict.fromkeys(record.run.ignored)
    masked: set[str] = set()
    for baseline in record.baselines():
        ignored.update(dict.fromkeys(baseline.ignore))
        masked |= references_of(baseline).once.generated
    return tuple(ignored), tuple(sorted(masked))
