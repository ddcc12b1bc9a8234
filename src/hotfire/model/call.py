"""What crosses a border: calls, exchanges, effects, and the points that name their places."""

import re
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "error", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Point:
    """A place in a step's talk with one dependency, named so that another process finds it again.

    `signature` is the normalised statements since BEGIN, joined by "; ", this call's last; `occurrence` counts the
    calls of that signature from 1 within the step. Never an ordinal: a cold process asks more than a warm one.
    """

    dependency: str
    signature: str
    occurrence: int = 1

    def says(self) -> str:
        """The point in the user's words: a transaction's COMMIT, or EXEC, is told by what the transaction wrote."""
        *before, last = self.signature.split("; ")
        again = f" (no. {self.occurrence})" if self.occurrence > 1 else ""
        wrote = [brief(text) for text in before if last == "EXEC" or text.split(" ", 1)[0].upper() in _VERBS]
        if last.upper() in {"COMMIT", "END", "EXEC"} and wrote:
            return f"{last} of {', '.join(wrote[-2:])}{again}"
        return f"{brief(last)}{again}"


def brief(statement: str) -> str:
    """A statement as a person names it: what it does to which table, and for an UPDATE which columns it sets."""
    if inserting := _INSERT.match(statement):
        return inserting[0]
    if updating := _UPDATE.match(statement):
        columns = dict.fromkeys(_COLUMN.findall(updating["changes"]))
        statement = " ".join(("UPDATE", updating["table"], "SET", ", ".join(columns)))
    return statement if len(statement) <= _BRIEF else f"{statement[: _BRIEF - 1]}…"


_BRIEF = 72
_INSERT = re.compile(r"INSERT INTO \S+", re.IGNORECASE)
_UPDATE = re.compile(r"UPDATE (?P<table>\S+) SET (?P<changes>.*?)(?: (?:WHERE|FROM|RETURNING) .*)?$", re.IGNORECASE)
_COLUMN = re.compile(r"(?:^|, ?)\"?(\w+)\"? ?=")
_VERBS = {"INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "CALL", "WITH", "TRUNCATE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the service asks of a dependency in one unit. `begun` is seconds since the trial's step was armed."""

    number: int
    point: Point
    connection: int
    text: str
    executes: bool
    begun: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A call with its reply. `unknown`: the reply was lost, nobody is sure; `detail` is the server's own word."""

    call: Call
    outcome: Outcome
    detail: str
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A change outside the process: here a transaction whose id stands in the change log.

    `call` is the number of the call that made it durable; `writes` says what it did ("insert posts"), sorted;
    `first_write` is the point of its first writing call; `answered` whether the client had the whole answer before.
    """

    point: Point
    first_write: Point
    call: int
    writes: tuple[str, ...]
    answered: bool
