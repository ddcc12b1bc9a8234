"""What a refused request left: an effect of its own, or what the service keeps of each request.

bookkeeping  what a request leaves, too, that could not even be read (a counter, a session, a line of an audit), what
a safe request leaves undisturbed, and columns that each undisturbed run sets anew (last seen)
record       a note of the refusal: a new row where the undisturbed request makes none, or another one than that makes;
an update of columns that no undisturbed request changes (attempts that failed)
effect       all else: something of what was refused has happened all the same
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotfire.model.history import Baseline, History, Row, RowChange
from hotfire.stored import is_same

_Signature = tuple[str, str, str]
"""Table, what was done to a row, and, of an update, the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The changes of a refused request that are no bookkeeping."""

    effects: tuple[RowChange, ...] = ()
    records: tuple[RowChange, ...] = ()


def left_by(baseline: Baseline, history: History, unread: Sequence[History], sent: Sequence[str]) -> Left:
    """What a refused request left. `unread` are those that nobody could read; `sent` are the texts of other values.

    Other than in the undisturbed request: the wrong one, and what was filled in.
    """
    kept = _bookkeeping(baseline, unread)
    rest = [change for change in history.state if not set(_signatures(change)) <= kept]
    rest = [change for change in rest if not _is_ignored(change, baseline.ignore)]
    records = [change for change in rest if _is_record(change, baseline, kept, sent)]
    return Left(effects=tuple(change for change in rest if change not in records), records=tuple(records))


def _is_record(change: RowChange, baseline: Baseline, kept: set[_Signature], sent: Sequence[str]) -> bool:
    """Whether it is a note of the refusal: none of what the undisturbed request does, nor of a part of it."""
    if change.before is None:
        return not _is_like(change, baseline, sent)
    undisturbed = {each for clean in baseline.clean for made in clean.state for each in _signatures(made)}
    return change.after is not None and undisturbed.isdisjoint(set(_signatures(change)) - kept)


def _table(change: RowChange) -> str:
    return f"{change.store}.{change.table}"


def _signatures(change: RowChange) -> list[_Signature]:
    if change.before is None:
        return [(_table(change), "insert", "")]
    if change.after is None:
        return [(_table(change), "delete", "")]
    return [(_table(change), "update", column) for column in _changed(change.before, change.after)]


def _changed(before: Row, after: Row) -> list[str]:
    return [column for column, value in after.items() if before.get(column) != value]


def _bookkeeping(baseline: Baseline, unread: Iterable[History]) -> set[_Signature]:
    """What has nothing to do with what is asked."""
    usual = {reply.status for clean in baseline.clean for reply in clean.replies[:1]}
    told = [each for each in unread if each.replies and not each.replies[-1].failed]
    refused = [each for each in told if each.replies[-1].status not in usual]
    alike = [*refused, *(baseline.clean if baseline.step.safe else ())]
    kept = {signature for history in alike for change in history.state for signature in _signatures(change)}
    return kept | _renewed(baseline)


def _renewed(baseline: Baseline) -> set[_Signature]:
    """Columns that each undisturbed run updates to a value of its own."""
    runs: list[dict[_Signature, list[str | None]]] = []
    for clean in baseline.clean:
        values: dict[_Signature, list[str | None]] = {}
        for change in clean.state:
            if change.before is not None and change.after is not None:
                for signature in _signatures(change):
                    values.setdefault(signature, []).append(change.after[signature[2]])
        runs.append(values)
    common = set.intersection(*(set(run) for run in runs)) if runs else set()
    return {each for each in common if len({repr(run[each]) for run in runs}) == len(runs)}


def _is_ignored(change: RowChange, ignore: Sequence[str]) -> bool:
    """Whether the team declared this to be no state: the table, or all columns that changed."""
    columns = [signature[2] for signature in _signatures(change)]
    return change.table in ignore or all(column and f"{change.table}.{column}" in ignore for column in columns)


def _is_like(change: RowChange, baseline: Baseline, sent: Sequence[str]) -> bool:
    """Whether the undisturbed request makes this row, too, but for what is generated and for what was sent."""
    rows = [_made(clean, _table(change)) for clean in baseline.clean]
    if change.after is None or not all(rows):
        return False
    fixed = [column for column in change.after if len({_values(each, column) for each in rows}) == 1]
    return any(_differs_by(change.after, row, fixed, sent) for row in rows[-1])


def _made(history: History, table: str) -> list[Row]:
    return [each.after for each in history.state if each.after and not each.before and _table(each) == table]


def _values(rows: Iterable[Row], column: str) -> tuple[str | None, ...]:
    return tuple(sorted((row.get(column) for row in rows), key=str))


def _differs_by(row: Row, other: Row, columns: Iterable[str], sent: Sequence[str]) -> bool:
    """Whether two rows differ, in these columns, in nothing but values that were sent."""
    return all(
        row[column] == other.get(column) or any(_stands_for(row[column], each) for each in sent) for column in columns
    )


def _stands_for(value: str | None, sent: str) -> bool:
    """Whether a stored value is the one that was sent; or a default, where none was sent."""
    return value is None or not sent or is_same(value, sent)
