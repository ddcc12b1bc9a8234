"""Settling: what a service that works by itself is given time for: an outbox's relay, a sweep of what a crash left.

A worker of the service's own (a task or thread of its start-up) may finish a step's work after the answer, and after a
fault by its own clock. So a state that no undisturbed run leaves is looked at until it is one, for as long as the step
may take. A service without workers is never waited for.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from hotfire.equality import Equal, Oracle, State, compare_any
from hotfire.model.history import History, Reply, RowChange
from hotfire.model.perturbation import Send
from hotfire.references import References
from hotfire.worlds.seen import Changed
from hotfire.worlds.silence import silent
from hotfire.worlds.stand import Stand

_LOOK = 0.1  # seconds between two looks at the state
_PAUSE = 0.25  # seconds of silence at the borders: a worker that was woken by the request has begun by then
_LONGEST = 1.0  # seconds: a worker that is never silent is not waited for


async def pause(stand: Stand, deadline: float) -> None:
    """Undisturbed: let workers that the request has woken begin, and end what they began."""
    if not await stand.workers():
        return
    await silent(_PAUSE, lambda: stand.last_activity, _LONGEST)
    await stand.quiet(deadline)


def repeats(sends: Sequence[Send]) -> bool:
    """Whether the step's own request is sent as it is: only then must it leave what an undisturbed run leaves."""
    foreign = [send.actor or send.credential or send.step or send.borrowed for send in sends]
    return not all(foreign) and not any(send.edits for send in sends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Waits for the workers of one step's trial, `deadline` seconds at most; `twice` are trials that sent it twice."""

    stand: Stand
    references: References
    twice: Sequence[History]
    deadline: float

    async def changes(self, checkpoint: int, reply: Reply) -> Changed:
        """What has changed since the checkpoint, once the service has done what it does by itself."""
        changes = await self.stand.changes(checkpoint)
        if self.references.disagree or not await self.stand.workers():
            return changes
        allowed = self._allowed(reply)
        loop = asyncio.get_running_loop()
        end = loop.time() + self.deadline
        while not _is_one_of(changes.rows, allowed) and loop.time() < end:
            await asyncio.sleep(_LOOK)
            await self.stand.quiet(self.deadline)
            changes = await self.stand.changes(checkpoint)
        return changes

    def _allowed(self, reply: Reply) -> list[Oracle]:
        """That nothing has happened is an end only where the client was not told otherwise."""
        references = self.references
        whole = [references.once, *references.after(self.twice, "sending it twice")]
        return whole if reply.succeeded else [*whole, references.before]


def _is_one_of(rows: tuple[RowChange, ...], allowed: Sequence[Oracle]) -> bool:
    return isinstance(compare_any(State(rows=rows), allowed), Equal)
