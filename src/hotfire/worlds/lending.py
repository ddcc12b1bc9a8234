"""A peer plays the path up to a step, live, and lends one value of the request that it would send there."""

from dataclasses import dataclass

from hotfire.editing.leaves import leaves
from hotfire.model.edit import Edit
from hotfire.model.perturbation import Borrowed
from hotfire.worlds.driver.asked import Answer, Asked
from hotfire.worlds.driver.http import Answered, Request, told
from hotfire.worlds.driver.recording import wire_request
from hotfire.worlds.live import Live
from hotfire.worlds.rehearsal import Rehearsal
from hotfire.worlds.stores.smtp.letter import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """The edit that puts the peer's value in place of the own one; None where both are the same, or for a reason."""

    edit: Edit | None = None
    trouble: str = ""


@dataclass(slots=True, kw_only=True)
class _UpTo:
    """A performer: live before the step `index`, whose request it keeps, and ends the play there."""

    live: Live
    index: int
    asked: Asked | None = None

    async def step(self, index: int, asked: Asked) -> Answer | None:
        if index == self.index:
            self.asked = asked
            return None
        return await self.live.step(index, asked)

    async def page(self, look: int, steps: int, asked: Asked) -> Answer | None:
        return await self.live.page(look, steps, asked)

    async def letters(self, look: int, steps: int) -> tuple[Letter, ...]:
        return await self.live.letters(look, steps)


async def lent(rehearsal: Rehearsal, index: int, borrowed: Borrowed) -> Lent:
    """Let the peer play the path in the place of the step's actor; what it makes up is its own.

    The stand has been restored to the checkpoint before the step. What the play leaves there is not the trial's.
    """
    stand, actor = rehearsal.stand, rehearsal.recorded[index].step.actor

    def hear(asked: Asked, answered: Answered) -> bool:
        del asked
        return answered.status is not None and answered.status < 500

    performer = _UpTo(live=Live(stand=stand, letters_before=await stand.mark_letters(), hear=hear), index=index)
    names = rehearsal.declared.value.actors
    actors = {name: rehearsal.actor(borrowed.actor if name == actor else name, borrowed.actor) for name in names}
    played = await rehearsal.theatre.play(rehearsal.declared.function, actors, performer)
    if performer.asked is None:
        why = played.mistake(rehearsal.declarations.file) or "the service broke"
        return Lent(trouble=f"{borrowed.actor} could not play the path up to this step: {why}")
    return difference(wire_request(performer.asked.request), rehearsal.recorded[index].request, borrowed)


def difference(theirs: Request, own: Request, borrowed: Borrowed) -> Lent:
    """What a peer's request has at the place, if that is another value than the own request's."""
    wanted = (borrowed.part, borrowed.place, borrowed.occurrence)
    there, here = (
        next((each for each in leaves(told(request)) if (each.part, each.place, each.occurrence) == wanted), None)
        for request in (theirs, own)
    )
    if there is None or here is None:
        return Lent(trouble=f"{borrowed.actor}'s request has nothing in the {borrowed.part} at {borrowed.place}")
    return Lent() if there == here else Lent(edit=there)
