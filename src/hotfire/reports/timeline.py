"""A history in the order in which it happened: what `hotfire show` and the HTML report both tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hotfire.model.call import Exchange
from hotfire.model.history import History, Reply, RowChange, Undone

Kind = Literal["request", "call", "cut", "effect", "answer", "log", "exit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened. `at` is seconds since the step was armed; `pointer` names its place in the history."""

    at: float
    kind: Kind
    text: str
    pointer: str


def timeline(history: History, request: str = "the request") -> tuple[Moment, ...]:
    """All moments of a history, in their order; `request` words what was sent ("editor POST /api/posts")."""
    moments = [*_replies(history, request), *_exchanges(history), *_logs(history)]
    return (*sorted(moments, key=lambda moment: moment.at), *_exits(history))


def _replies(history: History, request: str) -> Iterator[Moment]:
    for index, reply in enumerate(history.replies):
        pointer = f"replies[{index}]"
        sent = f"{request} is sent{_which(reply, history)}"
        yield Moment(at=reply.begun, kind="request", text=sent, pointer=pointer)
        yield Moment(at=reply.ended, kind="answer", text=answer(reply), pointer=pointer)


def _which(reply: Reply, history: History) -> str:
    again = " again" if reply.attempt > 1 else ""
    several = len({each.send for each in history.replies}) > 1
    return f"{again} (sending {reply.send + 1}, by {reply.actor})" if several else again


def answer(reply: Reply) -> str:
    """What the client got, in words."""
    if reply.status is None:
        return f"the client got no answer: {reply.cut or 'cut'}"
    return f"the client got {reply.status}"


def asked(undone: Undone) -> Iterator[str]:
    """What an undo asked, with the answer, and what its own function raised."""
    for step, reply in zip(undone.steps, undone.replies, strict=True):
        yield f"{step}: {answer(reply)}"
    if undone.mistake:
        yield f"the undo's own function failed: {undone.mistake}"


def _exchanges(history: History) -> Iterator[Moment]:
    effects = {effect.call: (index, effect) for index, effect in enumerate(history.effects)}
    for index, exchange in enumerate(history.exchanges):
        pointer = f"exchanges[{index}]"
        yield Moment(
            at=exchange.call.begun,
            kind="call",
            text=f"{exchange.call.point.dependency}: {said(exchange)}",
            pointer=pointer,
        )
        if exchange.outcome == "unknown":
            told = f" ({exchange.detail})" if exchange.detail else ""
            text = f"cut here: the service never heard what became of this{told}"
            yield Moment(at=max(exchange.call.begun, exchange.ended), kind="cut", text=text, pointer=pointer)
        if exchange.call.number in effects:
            number, effect = effects[exchange.call.number]
            text = f"durable: {', '.join(effect.writes) or 'an effect'}"
            yield Moment(at=exchange.ended, kind="effect", text=text, pointer=f"effects[{number}]")


def said(exchange: Exchange) -> str:
    """A call with its outcome, on one line."""
    text = " ".join(exchange.call.text.split())
    short = text if len(text) <= 160 else f"{text[:159]}…"
    return f"{short}   → {exchange.detail or exchange.outcome}" if exchange.outcome != "unknown" else short


def _logs(history: History) -> Iterator[Moment]:
    for index, line in enumerate(history.logs):
        yield Moment(at=line.at, kind="log", text=f"{line.process}: {line.text}", pointer=f"logs[{index}]")


def _exits(history: History) -> Iterator[Moment]:
    """An exit has no time of its own: it is told last."""
    for index, each in enumerate(history.exits):
        how = f"signal {-each.status}" if each.status < 0 else f"status {each.status}"
        yield Moment(
            at=history.seconds, kind="exit", text=f"{each.process} ended with {how}", pointer=f"exits[{index}]"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row change in words: `sign` is +, - or ~; `cells` are the columns worth saying."""

    sign: Literal["+", "-", "~"]
    table: str
    cells: tuple[str, ...]


def changed(change: RowChange) -> ChangedRow:
    """An insert and a delete with all their columns, an update with those that differ."""
    if change.before is None:
        return ChangedRow(sign="+", table=change.table, cells=_cells(change.after or {}))
    if change.after is None:
        return ChangedRow(sign="-", table=change.table, cells=_cells(change.before))
    before, after = change.before, change.after
    differ = tuple(
        f"{column}: {_value(before.get(column))} → {_value(value)}"
        for column, value in after.items()
        if before.get(column) != value
    )
    return ChangedRow(sign="~", table=change.table, cells=differ)


def _cells(row: dict[str, str | None]) -> tuple[str, ...]:
    return tuple(f"{column}={_value(value)}" for column, value in row.items())


def _value(value: str | None) -> str:
    if value is None:
        return "NULL"
    return value if len(value) <= 60 else f"{value[:59]}…"
