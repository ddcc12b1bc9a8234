"""What crosses a border: what a wire says of a call and of its reply, and what is recorded of both."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from hotfire.model.call import Call, Exchange, Outcome
from hotfire.model.store import Write

_TRANSACTIONS = 1_000_000  # more than a connection has in a trial: each has numbers of its own


class Asked(Protocol):
    """What a wire says of a call."""

    @property
    def text(self) -> str:
        """What is asked, normalised."""
        ...

    @property
    def signature(self) -> str:
        """All since its transaction began."""
        ...

    @property
    def executes(self) -> bool:
        """Whether it does anything."""
        ...


class Told(Protocol):
    """What a wire says of its reply."""

    @property
    def outcome(self) -> Literal["ok", "error"]:
        """What came of it."""
        ...

    @property
    def detail(self) -> str:
        """In the dependency's own words."""
        ...

    @property
    def durable(self) -> bool:
        """Whether what it changed outlives the service."""
        ...


@dataclass(slots=True, kw_only=True)
class Crossing:
    """A call on its way: what is recorded of it besides the exchange. `sent`, `told`: the wall clock, seconds."""

    call: Call
    process_id: int
    sent: float = 0.0
    told: float = 0.0
    outcome: Outcome = "unknown"
    detail: str = ""
    durable: bool = False
    ended: float = 0.0

    def wrote(self, transaction: int, writes: Iterable[tuple[str, str]]) -> list[Write]:
        """What it wrote, as operation and table, in the n-th transaction of its connection; no change log tells it."""
        return [
            Write(
                connection=self.process_id,
                transaction=self.process_id * _TRANSACTIONS + transaction,
                table=table,
                operation=operation,
                instant=self.sent,
                call=self.call.number,
            )
            for operation, table in writes
        ]

    def exchange(self) -> Exchange:
        """As the history tells it."""
        return Exchange(call=self.call, outcome=self.outcome, detail=self.detail, ended=self.ended)
