"""What the hook in front of SQLite says, without IO: lines of JSON in, calls and their outcomes out.

A transaction's statements make its signature, as in `wire/postgres`; it is durable when the library says that it is no
longer in one (or has begun the next), that rows were changed since it began, and that the last word was no ROLLBACK.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

from hotfire.wire.postgres.names import script
from hotfire.wire.postgres.transaction import Transaction


class Said(msgspec.Struct, frozen=True, tag_field="say", tag=str.lower):
    """A line; its class is what it says."""


class Call(Said, frozen=True):
    """A statement that is about to be executed. `open`: in a transaction already."""

    text: str
    open: bool


class Done(Said, frozen=True):
    """What came of it: `open` afterwards, how many rows were changed, what the statement may write, by SQLite."""

    outcome: Literal["ok", "error"]
    detail: str
    open: bool
    changed: int
    writes: tuple[tuple[str, str], ...]


_DECODER: msgspec.json.Decoder[Call | Done] = msgspec.json.Decoder(Call | Done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call as a border names it: the normalised statement, and all since the transaction began."""

    text: str
    signature: str
    executes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of a call. `wrote` is what it changed itself; `durable`: the transaction changed something and stands."""

    outcome: Literal["ok", "error"]
    detail: str
    wrote: tuple[tuple[str, str], ...] = ()
    durable: bool = False


class Lines:
    """Cuts the hook's bytes into what it says."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Call | Done]:
        """What is complete with these bytes. Raises msgspec.DecodeError where it is not the hook who speaks."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield _DECODER.decode(line)


class Dialogue:
    """One connection to a file, as its transactions go."""

    def __init__(self) -> None:
        self._said = Transaction()
        self._turn = ""
        self._changed = False
        self.open = False
        """Whether a transaction is open in which something was said; Python may begin one that nobody uses."""

    def call(self, call: Call) -> Asked:
        """A statement begins."""
        if not call.open:
            self._forget()
        said = script(call.text.encode())
        signature, _ = self._said.execute(said)
        self._turn = next((each.turn for each in reversed(said.statements) if each.turn), "")
        return Asked(text=said.text, signature=signature)

    def done(self, done: Done) -> Outcome:
        """It has ended."""
        ended = not done.open or (done.outcome == "ok" and self._turn in {"commit", "rollback"})
        wrote = done.writes if done.outcome == "ok" else ()
        self._changed |= bool(wrote)
        stands = ended and done.outcome == "ok" and self._turn != "rollback"
        durable = stands and self._changed
        if ended:
            self._forget()
        self.open = done.open and bool(self._said.said)
        return Outcome(outcome=done.outcome, detail=done.detail, wrote=wrote, durable=durable)

    def _forget(self) -> None:
        self._changed = False
        self._said.correct("I")
