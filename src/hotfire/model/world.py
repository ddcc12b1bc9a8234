"""The seam between the engine and everything that does IO."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hotfire.errors import HotfireError
from hotfire.model.history import Baseline, History, LogLine, Reply
from hotfire.model.step import CriticalPath, Step
from hotfire.model.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Why an undisturbed path did not come to its end.

    broken: a 5xx, a cut connection or no answer: the service's fault, a blocker. Else the path's own mistake.
    """

    broken: bool
    step: str
    problem: str
    hint: str
    reply: Reply | None = None
    logs: tuple[LogLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One undisturbed play of a critical path: its steps, or the mistake that stopped it; `notices` are said once."""

    path: CriticalPath
    steps: tuple[Step, ...]
    seconds: float
    mistake: Mistake | None = None
    notices: tuple[str, ...] = ()


class LostWorldError(HotfireError):
    """A world's process has ended: nothing more can be asked of it (exit code 3)."""


OnRest = Callable[[], None]


def keeps_its_core() -> None:
    """Nobody asks whether it rests."""


class World(Protocol):
    """One isolated copy of everything. Only values of the model leave it."""

    name: str

    async def survey(self, path: str) -> Survey:
        """Play the critical path once, undisturbed."""
        ...

    async def baseline(self, path: str, step: str) -> Baseline | Mistake:
        """Move to the checkpoint before `step` and play it undisturbed, three times and more."""
        ...

    async def run(self, trial: Trial) -> History:
        """Run one trial of the step whose baseline was asked last."""
        ...

    async def close(self) -> None:
        """Leave nothing behind."""
        ...


class RestingWorld(World, Protocol):
    """One that tells when it needs no core: what it was asked mostly waits from there on. At most once for each ask."""

    on_rest: OnRest
