"""What somebody else's sending of a step got, told by which rows changed and by what stands in the answer.

    refused    nothing of what the step does was done, and nothing shown: a 4xx, a login page, a form that comes back
    nothing    answered as a success, and none of what the step does was done
    own        done as its own: rows of its own, a view of its own data
    same       the answer is the actor's own, or has ids or made-up values in common with it, which it did not make
    shown      the answer shows what the step's actor has
    attached   a new row is bound to what the step's actor made
    changed    rows changed that were there before, the same ones that the step's actor changes

Never by the status alone: a row is the actor's if an undisturbed run changes it from the very same state, and a value
is the actor's if an earlier answer of the path gave it to this actor when it made something.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from hotfire.model.history import Baseline, History, Reply, RowChange
from hotfire.references import references_of

Degree = Literal["refused", "nothing", "own", "same", "shown", "attached", "changed"]

_UUID = re.compile(r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F-])")
_NUMBER = re.compile(r"(?<![\w.-])[1-9]\d{6,18}(?![\w.-])")  # where sequences' own ranges begin
_MADE_UP = re.compile(r"(?<![0-9a-zA-Z])[a-z][0-9a-z]{0,11}[0-9a-f]{10}(?![0-9a-zA-Z])")  # an actor's `unique`
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What a sending got; `columns` are the columns, or tables, in which it did so."""

    degree: Degree
    columns: tuple[str, ...] = ()


class Access:
    """Judges sendings by the undisturbed runs of one step."""

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline

    def got(self, history: History) -> Got:
        """What the last sending of a trial got."""
        reply = history.replies[-1]
        touched = [change for change in history.state if self._row(change) in self.touched]
        if not self._succeeded(reply):
            whole = bool(self.touched) and {self._row(change) for change in touched} >= self.touched
            return Got(degree="changed", columns=_columns(touched)) if whole and not self.safe else _REFUSED
        if touched and (not self.safe or {self._row(change) for change in touched} >= self.touched):
            return Got(degree="changed", columns=_columns(touched))
        if self.does:
            return self._done(history)
        if self._shows(history, reply):
            return Got(degree="shown", columns=_columns(touched))
        return Got(degree="same" if self._is_alike(history, reply) else "own", columns=_columns(touched))

    def used(self, history: History) -> Got:
        """What the step's own actor got with a value of a peer's in its request."""
        if not self._succeeded(history.replies[-1]):
            return _REFUSED
        made = [change for change in history.state if self._counts(change) and change.table in self._tables]
        if self.does:
            return Got(degree="attached", columns=_columns(made)) if made else _NOTHING
        return Got(degree="shown")

    @property
    def safe(self) -> bool:
        """Whether the client asks for no change."""
        return self.baseline.step.safe

    @cached_property
    def does(self) -> bool:
        """Whether the step is there to change something."""
        return not self.safe and any(map(self._counts, self.baseline.clean[-1].state))

    @cached_property
    def touched(self) -> frozenset[object]:
        """The rows that were there before, and that every undisturbed run changes."""
        runs = [{self._row(change) for change in clean.state if change.before} for clean in self.baseline.clean]
        return frozenset(set.intersection(*runs) - {None}) if runs else frozenset()

    @cached_property
    def own_values(self) -> frozenset[str]:
        """What the step's actor made before: ids, and values that were made up, in the answers to what it sent."""
        baseline = self.baseline
        answers = [
            reply
            for step, reply in zip(baseline.steps, baseline.earlier, strict=False)
            if step.actor == baseline.step.actor and not step.safe
        ]
        return frozenset(value for reply in answers for text in _texts(reply) for value in values_in(text))

    @cached_property
    def own_ids(self) -> frozenset[str]:
        """Those of them that the service made."""
        return self.own_values - made_up_in(" ".join(self.own_values))

    @cached_property
    def names_own(self) -> bool:
        """Whether the request names what its own actor made."""
        request = self.baseline.request
        texts = [self.baseline.step.target, request.body if request else ""]
        return any(value in self.own_values for text in texts for value in values_in(text))

    def is_public(self, history: History) -> bool:
        """Whether a read by nobody gets the very answer of the step's actor, and changes nothing."""
        reply = history.replies[-1]
        return self.safe and not history.state and references_of(self.baseline).same_answer(history, reply) is True

    def _done(self, history: History) -> Got:
        """Of a step that changes something: rows of its own, or bound to what the actor made."""
        made = [change for change in history.state if self._counts(change) and change.table in self._tables]
        bound = [change for change in made if _values(change) & self._bonds(change.table)]
        if bound:
            return Got(degree="attached", columns=_columns(bound))
        return Got(degree="own", columns=_columns(made)) if made else _NOTHING

    def _shows(self, history: History, reply: Reply) -> bool:
        step = self.baseline.step
        shown = self.own_values & set(values_in(reply.body))
        if shown - set(values_in(step.target)):
            return True
        named = "{" in step.route
        return named and (bool(shown) or references_of(self.baseline).same_answer(history, reply) is True)

    def _is_alike(self, history: History, reply: Reply) -> bool:
        clean = self.baseline.clean[-1].replies[0]
        if set(values_in(clean.body)) & set(values_in(reply.body)):
            return True
        return references_of(self.baseline).same_answer(history, reply) is True

    def _succeeded(self, reply: Reply) -> bool:
        """Answered as the step's actor is: a redirect to elsewhere, or in place of a page, is a refusal."""
        clean = self.baseline.clean[-1].replies[0]
        if reply.status is None or reply.status >= 400:
            return False
        if (reply.status >= 300) != ((clean.status or 0) >= 300):
            return False
        return reply.status < 300 or _place(reply) == _place(clean)

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(change.table for change in self.baseline.clean[-1].state)

    def _bonds(self, table: str) -> frozenset[str]:
        """What the actor made before, and binds its own new rows of a table to."""
        rows = (change for change in self.baseline.clean[-1].state if change.table == table and not change.before)
        return frozenset(value for change in rows for value in _values(change)) & self.own_ids

    def _counts(self, change: RowChange) -> bool:
        """Whether a change is one of the state: not one of a table, or of columns alone, that the team ignores."""
        ignored = self.baseline.ignore
        return change.table not in ignored and any(
            f"{change.table}.{column}" not in ignored for column in _changed(change)
        )

    def _row(self, change: RowChange) -> object:
        """A row that was there before, as the checkpoint has it; None where it is new, or does not count."""
        if change.before is None or not self._counts(change):
            return None
        return (change.store, change.table, frozenset(change.before.items()))


_REFUSED = Got(degree="refused")
_NOTHING = Got(degree="nothing")


def values_in(text: str) -> Iterator[str]:
    """The values of a text that stand for one thing: UUIDs, ids of the sequences' own ranges, what `unique` made."""
    text = _INSTANT.sub(" ", text)
    for pattern in (_UUID, _NUMBER, _MADE_UP):
        yield from pattern.findall(text)
        text = pattern.sub(" ", text)


def made_up_in(text: str) -> frozenset[str]:
    """The values of a text that an actor's `unique` made: canaries."""
    return frozenset(value for value in values_in(text) if _MADE_UP.fullmatch(value))


def _texts(reply: Reply) -> Iterator[str]:
    """Where an answer tells what was made."""
    yield reply.body
    yield from (value for name, value in reply.headers if name.lower() == "location")


def _values(change: RowChange) -> frozenset[str]:
    row = change.after or change.before or {}
    return frozenset(value for text in row.values() if text for value in values_in(text))


def _changed(change: RowChange) -> Iterator[str]:
    """The columns in which a row is another than before."""
    before, after = change.before or {}, change.after or {}
    return (column for column in {**before, **after} if before.get(column) != after.get(column))


def _columns(changes: Iterable[RowChange]) -> tuple[str, ...]:
    """Where changes show: "posts.title", or "posts" for a row that is new, or gone."""
    found = set[str]()
    for change in changes:
        whole = change.before is None or change.after is None
        found |= {change.table} if whole else {f"{change.table}.{column}" for column in _changed(change)}
    return tuple(sorted(found))


def _place(reply: Reply) -> str:
    """The path that a redirect leads to, whatever it names there."""
    location = next((value for name, value in reply.headers if name.lower() == "location"), "")
    path = urlsplit(location).path
    for pattern in (_UUID, _NUMBER, _MADE_UP):
        path = pattern.sub("…", path)
    return re.sub(r"\d+", "…", path)
