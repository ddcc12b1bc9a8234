"""The rest of a path behind a trial: the person's function runs to the trial's step by the recording, then live."""

from dataclasses import dataclass, field
from typing import assert_never

from hotfire.model.history import Reply
from hotfire.worlds.driver.asked import Answer, Asked
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.recording import Seen, person_answer
from hotfire.worlds.firing import reply_of
from hotfire.worlds.live import Live
from hotfire.worlds.rehearsal import Rehearsal
from hotfire.worlds.stand import Stand
from hotfire.worlds.stores.smtp.letter import Letter

_SAYS = "the critical path is not deterministic"


@dataclass(slots=True, kw_only=True)
class Replay:
    """A performer: what was asked before the step `index` must be the recorded, `last` is the trial's own answer.

    `replies` are those to the steps behind; `broken` says what was asked otherwise this time.
    """

    rehearsal: Rehearsal
    index: int
    last: Answered
    replies: list[Reply] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    live: Live = field(init=False)

    def __post_init__(self) -> None:
        stand: Stand = self.rehearsal.stand
        self.live = Live(stand=stand, letters_before=self.rehearsal.letters_before, hear=self._hear)

    async def step(self, index: int, asked: Asked) -> Answer | None:
        """Recorded before the trial's step, the trial's own there, live behind it."""
        if index > self.index:
            return await self.live.step(index, asked)
        recorded = self.rehearsal.recorded[index]
        if not recorded.same_as(asked):
            self.broken.append(recorded.differs(asked))
            return None
        return recorded.answer if index < self.index else person_answer(self.last, asked.request)

    async def page(self, look: int, steps: int, asked: Asked) -> Answer | None:
        """Likewise, by the number of steps before."""
        if steps > self.index:
            return await self.live.page(look, steps, asked)
        match self._looked(look):
            case Seen() as seen if seen.same_as(asked):
                return seen.answer
            case Seen() | tuple() | None:
                self.broken.append(f"{_SAYS}: {asked.actor} reads {asked.request.url.path} only this time")
                return None
            case never:
                assert_never(never)

    async def letters(self, look: int, steps: int) -> tuple[Letter, ...] | None:
        """Likewise."""
        if steps > self.index:
            return await self.live.letters(look, steps)
        match self._looked(look):
            case tuple() as letters:
                return letters
            case Seen() | None:
                self.broken.append(f"{_SAYS}: it asks for a mail only this time")
                return None
            case never:
                assert_never(never)

    def _looked(self, look: int) -> Seen | tuple[Letter, ...] | None:
        return self.rehearsal.looks[look] if look < len(self.rehearsal.looks) else None

    def _hear(self, asked: Asked, answered: Answered) -> bool:
        if not asked.auxiliary:
            self.replies.append(reply_of(answered, 0, 1, asked.actor))
        return True
