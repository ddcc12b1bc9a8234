"""The ledger of one partner: each request that changed something there, as a store of plain rows.

A request counts once the stand-in has answered it, whoever still hears the answer; one that the partner refused (400
and above) has changed nothing and is no row, nor is one that an idempotency key says was done before. PUT and DELETE
are idempotent (RFC 9110 section 9.2.2): sent again, they leave what they left, and the row says what was sent last.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from hotfire.errors import UsageError
from hotfire.model.history import Row, RowChange
from hotfire.model.store import START, Changes
from hotfire.wire.http import HEADER, Ask, Keys, Naming, Request, Response, content_of, header, refusal
from hotfire.worlds.stores.partner.stub import State, Stub, Trouble

COLUMNS = ("method", "host", "path", "idempotency_key", "body", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An answer of the partner's. `wrote`: it has changed something there. `trouble`: what its stand-in did wrong."""

    response: Response
    wrote: bool = False
    trouble: str = ""


Done = Callable[[Served], None]


_IDEMPOTENT = {"PUT", "DELETE"}


@dataclass(slots=True, kw_only=True)
class _Moment:
    """All that a partner remembers."""

    keys: Keys
    rows: dict[int, Row] = field(default_factory=dict)
    state: State = field(default_factory=dict)

    def copied(self) -> "_Moment":
        return _Moment(rows=dict(self.rows), keys=self.keys.copy(), state=copy.deepcopy(self.state))

    def keep(self, row: Row) -> bool:
        """Keep a request; whether it has changed anything."""
        last = next((number for number in reversed(self.rows) if _is_of_one(self.rows[number], row)), None)
        if last is not None and row["method"] == self.rows[last]["method"] and row["method"] in _IDEMPOTENT:
            again = row | {"status": self.rows[last]["status"]}  # what was made once is only changed by the next
            changed = again != self.rows[last]
            self.rows[last] = again
            return changed
        self.rows[max(self.rows, default=0) + 1] = row
        return True


def _is_of_one(one: Row, other: Row) -> bool:
    """Whether two requests are about one resource."""
    return (one["host"], one["path"]) == (other["host"], other["path"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A request that is to be served. `asked` is what must be the same for two under one idempotency key."""

    request: Request
    host: str
    content: str | None
    key: str
    writes: bool
    done: Done

    @property
    def asked(self) -> str:
        return repr((self.request.method, self.host, self.request.path, self.content))

    def row(self, status: int) -> Row:
        """As the oracle compares it."""
        path, key = self.request.path, self.key or None
        values = (self.request.method, self.host, path, key, self.content, str(status))
        return dict(zip(COLUMNS, values, strict=True))


class Ledger:
    """The `Store` of one partner in one world. `key` is the header in which it is told an idempotency key."""

    def __init__(self, naming: Naming, stub: Stub, keys: Keys, key: str = HEADER) -> None:
        self.name = naming.partner
        self._naming = naming
        self._stub = stub
        self._header = key
        self._empty = _Moment(keys=keys)
        self._start = self._empty
        self._now = self._empty.copied()
        self._moments: dict[int, _Moment] = {}
        self._at_work: dict[str, list[_Wanted]] = {}
        self._past = 0
        self.trouble = ""
        """What the stand-in did wrong since the last restore."""

    def serve(self, request: Request, ask: Ask, done: Done) -> None:
        """Have a request answered; `done` is told on this loop, at once or later."""
        key = header(request.headers, self._header) if ask.writes else ""
        self._serve(
            _Wanted(
                request=request,
                host=self._naming.host(request),
                content=content_of(request),
                key=key,
                writes=ask.writes,
                done=done,
            )
        )

    def _serve(self, wanted: _Wanted) -> None:
        if wanted.key in self._at_work:
            self._at_work[wanted.key].append(wanted)
            return
        if known := self._now.keys.answer(wanted.key, wanted.asked):
            wanted.done(Served(response=known))
            return
        if wanted.key and self._now.keys.meaning != "none":
            self._at_work[wanted.key] = []
        past = self._past
        self._stub.ask(wanted.request, self._now.state, lambda outcome: self._answered(wanted, outcome, past))

    def _answered(self, wanted: _Wanted, outcome: Response | Trouble, past: int) -> None:
        if past != self._past:  # the world has gone back meanwhile: nobody was asked
            wanted.done(Served(response=refusal(500, "hotfire: the world has gone back")))
            return
        if isinstance(outcome, Trouble):
            self.trouble = self.trouble or outcome.problem
            wanted.done(Served(response=refusal(500, f"hotfire: {outcome.problem}"), trouble=outcome.problem))
        else:
            self._now.keys.keep(wanted.key, wanted.asked, outcome)
            wrote = wanted.writes and outcome.status < 400 and self._now.keep(wanted.row(outcome.status))
            wanted.done(Served(response=outcome, wrote=wrote))
        for waiting in self._at_work.pop(wanted.key, []):
            self._serve(waiting)

    # the Store protocol

    async def checkpoint(self) -> int:
        """Remember the rows, the keys and the stand-in's own state."""
        number = max(self._moments, default=START) + 1
        self._moments[number] = self._moment()
        return number

    async def restore(self, checkpoint: int) -> None:
        """Bring them back."""
        self._past += 1
        self._at_work.clear()
        self.trouble = ""
        self._moments = {number: kept for number, kept in self._moments.items() if number <= checkpoint}
        self._now = self._at(checkpoint).copied()

    async def changes(self, checkpoint: int) -> Changes:
        """Each request since as a new row, or as the change of one: what was asked is never unasked."""
        before, table = self._at(checkpoint).rows, f"{self.name}.requests"
        return Changes(
            rows=tuple(
                RowChange(store=self.name, table=table, before=before.get(number), after=row)
                for number, row in self._now.rows.items()
                if row != before.get(number)
            ),
            writes=(),
            trouble=self.trouble,
        )

    async def advance(self, prime: int) -> None:
        """Nothing: what a stand-in makes up is its own business."""

    async def columns(self) -> dict[str, dict[str, str]]:
        """All is text."""
        return {f"{self.name}.{self.name}.requests": dict.fromkeys(COLUMNS, "text")}

    async def freeze(self) -> None:
        """What was asked by now is the state of the start, until `thaw`."""
        self._start = self._moment()
        self._moments.clear()

    async def thaw(self) -> None:
        """The start is empty again."""
        self._start = self._empty
        self._moments.clear()

    async def close(self) -> None:
        """Nothing is asked any more."""
        self._stub.close()

    def _at(self, checkpoint: int) -> _Moment:
        return self._start if checkpoint == START else self._moments[checkpoint]

    def _moment(self) -> _Moment:
        try:
            return self._now.copied()
        except Exception as error:  # whatever a person's objects raise when they are copied
            problem = f'scope["state"] of the stub of {self.name} cannot be copied: {type(error).__name__}: {error}'
            raise UsageError(problem, hint="keep plain values in it: dict, list, text, numbers") from error
