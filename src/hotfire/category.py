"""Which class a wrong final state is of, and what to do about it: by what is there, what is not, and what was told."""

from collections import Counter
from collections.abc import Sequence

from hotfire.model.history import Reply, RowChange
from hotfire.model.step import Repeat


def category_of(own: Reply | None, found: Sequence[RowChange], expected: Sequence[RowChange]) -> str:
    """The class of a state that differs from the expected one; `own` is the answer that the client was left with."""
    more, less = _surplus(found, expected), _surplus(expected, found)
    if not more and not less:
        further = _moved(found) - _moved(expected)
        more, less = further > 0, further < 0
    refused = own is not None and own.status is not None and not own.succeeded
    if more and not less:
        return "effect on a refused request" if refused else "duplicate"
    if less and not more:
        return "partial state" if refused or not (own and own.succeeded) else "lost"
    return "partial state"


def _surplus(rows: Sequence[RowChange], others: Sequence[RowChange]) -> bool:
    """Whether there are changes of a kind, in some table, that the others have fewer of."""
    return bool(Counter(map(_kind, rows)) - Counter(map(_kind, others)))


def _kind(row: RowChange) -> tuple[str, str]:
    return row.table, "insert" if row.before is None else "delete" if row.after is None else "update"


def _moved(rows: Sequence[RowChange]) -> float:
    """How far the numbers in changed rows moved, up or down: a stock that was taken from twice moved twice as far."""
    moved = 0.0
    for row in rows:
        for column, after in (row.after or {}).items():
            before = (row.before or {}).get(column) if row.before else "0"
            moved += abs(_number(after) - _number(before))
    return moved


def _number(text: str | None) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0  # a larger one is an id, or a time


_ASKED = {"method", "host", "path"}
"""What tells a request to a partner: see `worlds/stores/partner/ledger.py`."""


def fix_of(category: str, table: str, agreeing: Sequence[str], repeat: Repeat) -> str:
    """What to do about a class; `agreeing` are columns of `table` that could be a unique key: a proposal."""
    asked = set(agreeing) >= _ASKED  # no table of the team's own: nobody can put a key on it
    unique = f", perhaps UNIQUE ({', '.join(agreeing)}) on {table}" if agreeing and not asked else ""
    each = ', or declare repeat="each" if it is meant to happen again' if repeat == "once" else ""
    match category:
        case "duplicate" if asked:
            return f"send an idempotency key that the retry has too, or keep what was sent before it is sent{each}"
        case "duplicate":
            return f"make the work happen once for each request{unique}{each}"
        case "race":
            return f"let the database decide{unique or ': a unique key, an atomic UPDATE, or a row lock'}"
        case "lost":
            return "do it in one transaction with what the answer promises, or keep it in an outbox until it is done"
        case "effect on a refused request":
            return "refuse before anything is written, or roll back with the refusal"
        case _:
            return "do the step's work in one transaction, or let the retry take up what is missing"
