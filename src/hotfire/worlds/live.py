"""What a person's function asks, answered by the service itself: sign-ins, and the rest of a path behind a trial."""

from collections.abc import Callable
from dataclasses import dataclass

from hotfire.worlds.driver.asked import Answer, Asked
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.polling import until_so
from hotfire.worlds.driver.recording import person_answer, wire_request
from hotfire.worlds.stand import Stand
from hotfire.worlds.stores.smtp.letter import Letter

_DEADLINE = 5.0

Hear = Callable[[Asked, Answered], bool]
"""Is told of each answer; False ends the play there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A performer that records nothing. `letters_before` counts the mails of before the play."""

    stand: Stand
    letters_before: int
    hear: Hear

    async def ask(self, asked: Asked, deadline: float) -> Answered:
        """The answer when it is there; of a poll, when it is so, or the last one."""
        request = wire_request(asked.request)
        return await until_so(lambda seconds: self.stand.ask(request, seconds), asked, deadline)

    async def step(self, index: int, asked: Asked) -> Answer | None:
        """Ask, and wait until the service is at rest."""
        del index
        answered = await self.ask(asked, asked.deadline or _DEADLINE)
        await self.stand.quiet(_DEADLINE)
        return person_answer(answered, asked.request) if self.hear(asked, answered) else None

    async def page(self, look: int, steps: int, asked: Asked) -> Answer | None:
        """Likewise."""
        del look
        return await self.step(steps, asked)

    async def letters(self, look: int, steps: int) -> tuple[Letter, ...]:
        """Wait until the service is at rest, then look what it has sent."""
        del look, steps
        await self.stand.quiet(_DEADLINE)
        return await self.stand.letters(self.letters_before)
