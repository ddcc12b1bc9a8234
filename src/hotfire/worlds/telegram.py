"""What the engine's process and a world's process say to each other: one JSON document each way, after its length.

Only values of the model cross. An error crosses as its kind, problem and hint.
"""

import asyncio
import struct
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import msgspec

from hotfire.config import Config
from hotfire.errors import HotfireError, SetupError, UsageError
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake, Survey

LIMIT = 1 << 26
"""Bytes that one side reads ahead of what it has taken."""
_LENGTH = struct.Struct("!I")
_T = TypeVar("_T")

Wish = Literal["open", "prepare", "survey", "baseline", "run", "hold", "close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """All that a world's process needs to begin. `grants` are the keys to each dependency, read by its own kind."""

    name: str
    config: Config
    project: str
    launch: str
    python: str
    run_directory: str
    seed: int = 0
    grants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the engine wants of a world."""

    wish: Wish
    path: str = ""
    step: str = ""
    trial: Trial | None = None
    opening: Opening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error of ours that happened in the world."""

    kind: str
    problem: str
    hint: str

    @classmethod
    def of(cls, error: HotfireError) -> "Failure":
        """As it crosses."""
        return cls(kind=type(error).__name__, problem=error.problem, hint=error.hint)

    def error(self) -> HotfireError:
        """As it is raised on the other side."""
        kinds: dict[str, type[HotfireError]] = {"UsageError": UsageError, "SetupError": SetupError}
        return kinds.get(self.kind, HotfireError)(self.problem, hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """What the world answers: one of these, or nothing but that it is done.

    `cut` comes ahead of a held trial's end, and `rests` ahead of any answer: from there on the world mostly waits.
    """

    failure: Failure | None = None
    survey: Survey | None = None
    baseline: Baseline | None = None
    mistake: Mistake | None = None
    history: History | None = None
    cut: dict[str, str] | None = None
    notices: tuple[str, ...] = ()
    sealed: bool = False
    rests: bool = False


async def send(writer: asyncio.StreamWriter, value: Ask | Tell) -> None:
    """Write one document."""
    data = msgspec.json.encode(value)
    writer.write(_LENGTH.pack(len(data)) + data)
    await writer.drain()


async def receive(reader: asyncio.StreamReader, kind: type[_T]) -> _T | None:
    """Read one document; None where the other side has gone."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return msgspec.json.decode(await reader.readexactly(length), type=kind)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
