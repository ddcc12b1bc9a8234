"""What a hook inside of the service says, without IO: lines of JSON in, calls and their outcomes out.

A hook stands in front of a library that is its own dependency: SQLite, or the files of a folder. Before each call the
thread that makes it asks the border and waits; afterwards it tells what came of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec


class Said(msgspec.Struct, frozen=True, tag_field="say", tag=str.lower):
    """A line; its class is what it says."""


class Call(Said, frozen=True):
    """What is about to be done, in the hook's own words. `open`: in a transaction already."""

    text: str
    open: bool


class Done(Said, frozen=True):
    """What came of it: `open` afterwards, how much was changed, and what may have been: an operation and its object."""

    outcome: Literal["ok", "error"]
    detail: str
    open: bool
    changed: int
    writes: tuple[tuple[str, str], ...]


_DECODER: msgspec.json.Decoder[Call | Done] = msgspec.json.Decoder(Call | Done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call as a border names it: normalised, and with all since its transaction began."""

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


class Dialogue(Protocol):
    """One connection to what is hooked, as its transactions go."""

    open: bool
    """Whether a transaction is open in which something was said."""

    def call(self, call: Call) -> Asked:
        """A call begins."""
        ...

    def done(self, done: Done) -> Outcome:
        """It has ended."""
        ...


class Lines:
    """Cuts a hook's bytes into what it says."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Call | Done]:
        """What is complete with these bytes. Raises msgspec.DecodeError where it is not the hook who speaks."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield _DECODER.decode(line)
