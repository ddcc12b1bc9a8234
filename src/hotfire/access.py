"""What somebody else's sending of a step got, told by which rows changed and by what stands in the answer.

    refused    nothing of what the step does was done, and nothing shown: a 4xx, a login page, a form that comes back
    nothing    answered as a success, and none of what the step does was done
    own        done as its own: rows of its own, a view of its own data
    same       the answer is the actor's own, or has ids or made-up values in common with it, which it did not make
    shown      the answer shows what the step's actor has, whatever its status
    attached   a new row is bound to what the step's actor made
    changed    rows changed that were there before, the same ones that the step's actor changes

Never by the status alone: a row is the actor's if an undisturbed run changes it from the very same state, and a value
is the actor's if it made it up and sent it, or if an earlier answer of the path gave it to this actor when it made
something. Bookkeeping is nobody's: what is changed where nothing is done, and what counts the rows that are new.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, Reply, Row, RowChange
from hotfire.references import references_of

Degree = Literal["refused", "nothing", "own", "same", "shown", "attached", "changed"]

_T = TypeVar("_T")
_Cell = tuple[tuple[str, str, frozenset[tuple[str, str | None]]], str]  # a row (its store, its table), and a column
_SHORT = 3  # characters: what stands in any text
_NEW, _GONE = "+", "-"  # in place of a column: the row itself

_UUID = re.compile(r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F-])")
_NUMBER = re.compile(r"(?<![\w.-])[1-9]\d{6,18}(?![\w.-])")  # where sequences' own ranges begin
_KEY = re.compile(r"[1-9]\d{6,10}")  # of a sequence that was moved there; longer ones may be anybody's
_MADE_UP = re.compile(  # an actor's `unique`, and no fingerprint of a file that each page links
    r"(?<![0-9a-zA-Z])[a-z][0-9a-z]{0,11}[0-9a-f]{10}(?![0-9a-zA-Z]|\.(?:m?js|css|map|ico|woff2?)\b)"
)
_HEX = re.compile(r"(?<![\w.=-])[0-9a-f]{32}(?![\w.-])")  # a UUID without its dashes
_ULID = re.compile(r"(?<![0-9a-zA-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9a-zA-Z])")
_PATTERNS = (_UUID, _NUMBER, _MADE_UP, _HEX, _ULID)
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What a sending got; `columns` are the columns, or tables, in which it did so."""

    degree: Degree
    columns: tuple[str, ...] = ()


class Access:
    """Judges sendings by the undisturbed runs of one step; trials of it that were judged tell what is bookkeeping."""

    def __init__(self, baseline: Baseline, judged: Sequence[Judged] = ()) -> None:
        self.baseline = baseline
        self.judged = judged

    def got(self, history: History) -> Got:
        """What the last sending of a trial got."""
        reply, cells = history.replies[-1], self._cells(history)
        changed = Got(degree="changed", columns=_names(cells & self.touched))
        if not self._succeeded(reply):
            if changed.columns and not self.safe and self._did_all(history):
                return changed
            return _SHOWN if self._lets_slip(reply) else _REFUSED
        if self.safe and self._shows(reply):
            return _SHOWN
        if changed.columns and (not self.safe or cells >= self.touched):
            return changed
        return self._done(history) if self.does else self._seen(history)

    def used(self, history: History) -> Got:
        """What the step's own actor got with a value of a peer's in its request."""
        succeeded, made = self._succeeded(history.replies[-1]), self._made(history)
        if self.does and made and (succeeded or self._did_all(history)):
            return Got(degree="attached", columns=_columns(made))
        if not succeeded:
            return _REFUSED
        return _NOTHING if self.does else _SHOWN

    @property
    def safe(self) -> bool:
        """Whether the client asks for no change."""
        return self.baseline.step.safe

    @cached_property
    def does(self) -> bool:
        """Whether the step is there to change something."""
        return not self.safe and any(map(self._matters, self.baseline.clean[-1].state))

    @cached_property
    def touched(self) -> frozenset[_Cell]:
        """What was there before, and every undisturbed run changes: column by column, without bookkeeping."""
        return _all_of(map(self._cells, self.baseline.clean)) - self.bookkeeping

    @cached_property
    def bookkeeping(self) -> frozenset[_Cell]:
        """What changes where nothing is done, and what counts rows: of those that are new, or a read that is counted.

        A limit of requests, say: whoever is refused with a broken credential is counted, too, and so is who reads. What
        a refusal has written of what was asked is none.
        """
        idle = [change for each in self.judged if self._does_nothing(each) for change in each.history.state]
        seen = {cell for change in idle for cell in self._cells_of(change) if not self._is_asked(change, cell[1])}
        return frozenset(seen) | _all_of(map(self._counted, self.baseline.clean))

    @cached_property
    def own_values(self) -> frozenset[str]:
        """What the step's actor has by what it did before: what it made up and sent, and what it was answered."""
        baseline = self.baseline
        asked = zip(baseline.steps, baseline.sent, strict=False)
        own = [request for step, request in asked if step.actor == baseline.step.actor and not step.safe]
        return self._answered | made_up_in(" ".join(f"{each.target} {each.body}" for each in own))

    @cached_property
    def own_ids(self) -> frozenset[str]:
        """What the service made for it."""
        return self._answered - made_up_in(" ".join(self._answered))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The values in the request."""
        request = self.baseline.request
        texts = [self.baseline.step.target, request.body if request else ""]
        return frozenset(value for text in texts for value in values_in(text))

    @cached_property
    def names_own(self) -> bool:
        """Whether the request names what its own actor made."""
        return bool(self._answered & self.asked)

    def is_public(self, history: History) -> bool:
        """Whether a read by nobody gets the very answer of the step's actor, and changes nothing; it may be counted."""
        if not self.safe or any(map(self._matters, history.state)):
            return False
        return references_of(self.baseline).same_answer(history, history.replies[-1]) is True

    # by rows

    def _done(self, history: History) -> Got:
        """Of a step that changes something: rows of its own, or bound to what the actor made."""
        made = self._made(history)
        bound = [change for change in made if _values(change) & self._bonds(change.table)]
        if bound:
            return Got(degree="attached", columns=_columns(bound))
        return Got(degree="own", columns=_columns(made)) if made else _NOTHING

    def _made(self, history: History) -> list[RowChange]:
        tables = {change.table for change in self.baseline.clean[-1].state}
        return [change for change in history.state if self._matters(change) and change.table in tables]

    def _did_all(self, history: History) -> bool:
        """Whether it did all that an undisturbed run does, be it to other rows: else a counter would count as the step.

        A row that tells when its sender was seen is the sender's own.
        """
        every = _all_of(map(self._kinds, self.baseline.clean))
        return bool(every) and self._kinds(history) >= every

    def _kinds(self, history: History) -> frozenset[tuple[str, str]]:
        """What it did, without whose it is: a table, and the column, or that a row is new or gone."""
        done = {(change.table, _NEW) for change in history.state if change.before is None and self._counts(change)}
        return frozenset(done | {(row[1], column) for row, column in self._cells(history) - self.bookkeeping})

    def _does_nothing(self, each: Judged) -> bool:
        """Whether a trial shows what is written while nothing is done: a refusal, or a read in place of the step."""
        baseline, asked = self.baseline, each.trial
        if each.history.trouble or (asked.step, each.history.world) != (baseline.step.key, baseline.world):
            return False
        if asked.perturbation == "read_by":
            return asked.arguments["read"] != baseline.step.key
        broken = asked.perturbation == "by_nobody" and bool(asked.arguments.get("broken"))
        return broken and Access(baseline).got(each.history).degree == "refused"

    def _counted(self, history: History) -> frozenset[_Cell]:
        """What goes up by one, or to another moment: for rows that are new, or in a row of nobody's by a read."""
        new = {value for change in history.state if change.before is None for value in _values(change)}
        ups = [change for change in history.state if change.before and change.after]
        counting = [c for c in ups if (_values(c).isdisjoint(self.own_values) if self.safe else _values(c) & new)]
        cells = {cell for change in counting for cell in self._cells_of(change) if _counts_up(change, cell[1])}
        return frozenset(cells)

    def _is_asked(self, change: RowChange, column: str) -> bool:
        """Whether a row is gone, or was given a value that stands in the request."""
        value, request = (change.after or {}).get(column) or "", self.baseline.request
        return change.after is None or (len(value) > _SHORT and request is not None and value in request.body)

    def _bonds(self, table: str) -> frozenset[str]:
        """What the actor made before, and binds its own new rows of a table to."""
        runs = [_new_in(clean, table) for clean in self.baseline.clean]
        own = frozenset(value for row in runs[-1] for value in _values_of(row))
        return (own & self.own_ids) | (_all_of(map(self._keys_in, runs)) if self.names_own else frozenset())

    def _keys_in(self, rows: Iterable[Row]) -> frozenset[str]:
        """Keys that no answer told: what a request names by a word is found by a number, which is new in the path."""
        tables = {name.rpartition(".")[2] for name in self.baseline.columns}
        named = {(column.lower(), value or "") for row in rows for column, value in row.items()}
        keys = {text for column, text in named if column.endswith("id") or {column, f"{column}s"} & tables}
        told = {value for reply in self.baseline.earlier for text in _texts(reply) for value in values_in(text)}
        return frozenset(key for key in keys if _KEY.fullmatch(key)) - told

    def _counts(self, change: RowChange) -> bool:
        """Whether a change is one of the state: not one of a table, or of columns alone, that the team ignores."""
        ignored = self.baseline.ignore
        return change.table not in ignored and any(
            f"{change.table}.{column}" not in ignored for column in _changed(change)
        )

    def _matters(self, change: RowChange) -> bool:
        """Whether it counts, and is more than bookkeeping."""
        if change.before is None:
            return self._counts(change)
        return not self._cells_of(change) <= self.bookkeeping

    def _cells(self, history: History) -> frozenset[_Cell]:
        return frozenset(cell for change in history.state for cell in self._cells_of(change))

    def _cells_of(self, change: RowChange) -> frozenset[_Cell]:
        """What changed of a row that was there before, as the checkpoint has it; what is ignored does not count."""
        if change.before is None or not self._counts(change):
            return frozenset()
        row = (change.store, change.table, frozenset(change.before.items()))
        if change.after is None:
            return frozenset({(row, _GONE)})
        columns = (each for each in _changed(change) if f"{change.table}.{each}" not in self.baseline.ignore)
        return frozenset((row, column) for column in columns)

    # by answers

    def _seen(self, history: History) -> Got:
        """Of a step that only shows something."""
        step, reply = self.baseline.step, history.replies[-1]
        if self._shows(reply):
            return _SHOWN
        common = set(values_in(self.baseline.clean[-1].replies[0].body)) & set(values_in(reply.body))
        same = references_of(self.baseline).same_answer(history, reply) is True
        ids = common - made_up_in(reply.body) - set(values_in(step.target))
        if "{" in step.route and (same or ids):
            return _SHOWN
        return Got(degree="same" if same or common else "own")

    def _shows(self, reply: Reply) -> bool:
        """Whether an answer has what is the actor's; what the URL names may come back, where it is no object's own."""
        step, shown = self.baseline.step, self.own_values & set(values_in(reply.body))
        return bool(shown - set(values_in(step.target))) or ("{" in step.route and bool(shown))

    def _lets_slip(self, reply: Reply) -> bool:
        """Whether a refusal shows all the same what is the actor's: what was asked may be told in it."""
        return bool(self.own_values & set(values_in(reply.body)) - self.asked)

    def _succeeded(self, reply: Reply) -> bool:
        """Answered as the step's actor is: a redirect to elsewhere, or in place of a page, is a refusal."""
        clean = self.baseline.clean[-1].replies[0]
        if reply.status is None or reply.status >= 400:
            return False
        if (reply.status >= 300) != ((clean.status or 0) >= 300):
            return False
        return reply.status < 300 or _place(reply) == _place(clean)

    @cached_property
    def _answered(self) -> frozenset[str]:
        """Ids, and values that were made up, in the answers to what the step's actor did before.

        What it had read before it did anything was there already: its organisation's id, say.
        """
        baseline, found, there = self.baseline, set[str](), set[str]()
        for step, reply in zip(baseline.steps, baseline.earlier, strict=False):
            if step.actor == baseline.step.actor and not (step.safe and found):
                (there if step.safe else found).update(value for text in _texts(reply) for value in values_in(text))
        return frozenset(found - there)


_REFUSED = Got(degree="refused")
_NOTHING = Got(degree="nothing")
_SHOWN = Got(degree="shown")


def values_in(text: str) -> Iterator[str]:
    """The values of a text that stand for one thing: UUIDs, ULIDs, ids of the sequences' ranges, what `unique` made."""
    text = _INSTANT.sub(" ", text)
    for pattern in _PATTERNS:
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
    return _values_of(change.after or change.before or {})


def _values_of(row: Row) -> frozenset[str]:
    values = {value for text in row.values() if text for value in values_in(text)}
    return frozenset(values | {uuid.replace("-", "") for uuid in values if _UUID.fullmatch(uuid)} | {*_dashed(values)})


def _dashed(values: Iterable[str]) -> Iterator[str]:
    """UUIDs that are kept without dashes, as answers tell them."""
    for value in filter(_HEX.fullmatch, values):
        yield f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _new_in(history: History, table: str) -> list[Row]:
    """The rows of a table that are new."""
    return [change.after for change in history.state if change.table == table and not change.before and change.after]


def _changed(change: RowChange) -> Iterator[str]:
    """The columns in which a row is another than before."""
    before, after = change.before or {}, change.after or {}
    return (column for column in {**before, **after} if before.get(column) != after.get(column))


def _counts_up(change: RowChange, column: str) -> bool:
    """Whether a value goes up by one, or from one moment to another."""
    before, after = ((row or {}).get(column) or "" for row in (change.before, change.after))
    if before.isdecimal() and after.isdecimal():
        return int(after) == int(before) + 1
    return bool(_INSTANT.match(before) and _INSTANT.match(after))


def _all_of(runs: Iterable[frozenset[_T]]) -> frozenset[_T]:
    """What each of the runs has."""
    found = list(runs)
    return frozenset.intersection(*found) if found else frozenset()


def _names(cells: Iterable[_Cell]) -> tuple[str, ...]:
    """Where cells stand: "posts.title", or "posts" for a row that is gone."""
    return tuple(sorted({row[1] if column == _GONE else f"{row[1]}.{column}" for row, column in cells}))


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
    for pattern in _PATTERNS:
        path = pattern.sub("…", path)
    return re.sub(r"\d+", "…", path)
