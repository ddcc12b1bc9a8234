"""The trials of one step that nobody has taken yet: every world that has taken the step's baseline takes from them.

A trial's perturbation says how it may be shared. One with `waits` mostly waits: the others are run first. One with
`is_reference` is what other trials of its line are judged against, and states of two worlds are not comparable: each
world runs it for itself.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotfire.model.check import Check, Judged
from hotfire.model.trial import Trial
from hotfire.perturbations import is_reference, waits


@dataclass(slots=True, kw_only=True)
class Slot:
    """A trial that was planned, and, once a world has run it, what its check said."""

    check: Check
    trial: Trial
    judged: Judged | None = None


class Batch:
    """What a check planned at one time."""

    def __init__(self, check: Check, trials: Iterable[Trial]) -> None:
        self.slots = tuple(Slot(check=check, trial=trial) for trial in trials)
        self.ended = asyncio.Event()

    @property
    def complete(self) -> bool:
        """Whether every trial has run."""
        return all(slot.judged for slot in self.slots)


class Share:
    """Hands out the trials of a step; the worlds that take them may be many."""

    def __init__(self) -> None:
        self._references: list[Slot] = []
        self._busy: list[Slot] = []
        self._waiting: list[Slot] = []
        self._batches: list[Batch] = []
        self._needed: dict[str, list[Trial]] = {}
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def busy(self) -> int:
        """How many trials that keep a core busy are left."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many trials that mostly wait are left."""
        return len(self._waiting)

    def put(self, check: Check, trials: Iterable[Trial]) -> Batch:
        """More trials are to be run."""
        batch = Batch(check, trials)
        for slot in batch.slots:
            self._shelf(slot).append(slot)
            if is_reference(slot.trial):
                self._needed.setdefault(check.line, []).append(slot.trial)
        self._batches.append(batch)
        self._changed.set()
        return batch

    async def all_of(self, batch: Batch) -> list[Judged]:
        """Wait until all trials of a batch have run; they come in the order in which they were planned."""
        await batch.ended.wait()
        self._batches.remove(batch)
        self._changed.set()
        return [slot.judged for slot in batch.slots if slot.judged]

    def references(self, line: str) -> Sequence[Trial]:
        """What a world must have run itself before it runs another trial of this line."""
        return tuple(self._needed.get(line, ()))

    async def take(self) -> Slot | None:
        """The next trial for the world whose step this is, once there is one; None when all is done.

        It runs what waits only when nothing else is left, nor about to be planned.
        """
        while not self._closed:
            if slot := self._first(self._references, self._busy):
                return slot
            if self._waiting and not any(batch.complete for batch in self._batches):
                return self._waiting.pop(0)
            self._changed.clear()
            await self._changed.wait()
        return None

    def take_for_helper(self) -> Slot | None:
        """The next trial for a world that has nothing else to do."""
        return self._first(self._busy, self._waiting)

    def put_back(self, slot: Slot) -> None:
        """The world that took it cannot run it."""
        self._shelf(slot).insert(0, slot)
        self._changed.set()

    def ran(self, slot: Slot, judged: Judged) -> None:
        """A trial has run."""
        slot.judged = judged
        for batch in self._batches:
            if batch.complete:
                batch.ended.set()

    def close(self) -> None:
        """Nothing more is planned."""
        self._closed = True
        self._changed.set()

    def _shelf(self, slot: Slot) -> list[Slot]:
        if is_reference(slot.trial):
            return self._references
        return self._waiting if waits(slot.trial) else self._busy

    def _first(self, *shelves: list[Slot]) -> Slot | None:
        return next((shelf.pop(0) for shelf in shelves if shelf), None)
