"""What the oracle is asked and what it answers: values only."""

from dataclasses import dataclass, field

from hotfire.model.history import Reply, RowChange


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is compared: net row changes, and the answers that stand in one graph with them.

    `steps` names the step of each reply, in order ("POST /posts"). Replies without one, or with the same one, have no
    order among themselves, as two sendings at once have none.
    """

    rows: tuple[RowChange, ...]
    replies: tuple[Reply, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which a state differs from an undisturbed run, in the user's words.

    `columns` name where: the table for whole rows, else "table.column". `agreeing` are the columns in which rows that
    are too many agree with their twin and which were not generated: a proposal for a UNIQUE key.
    """

    table: str
    columns: tuple[str, ...]
    text: str
    agreeing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    """The state is that of an undisturbed run, up to renaming of generated values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """The state is that of no undisturbed run; there is at least one difference."""

    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComparable:
    """Undisturbed runs differ among themselves: what in, and what to write so that they can be compared."""

    reason: str
    fix: str
    columns: tuple[str, ...] = field(default=())


Comparison = Equal | Different | NotComparable
