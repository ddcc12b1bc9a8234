"""The request of each sending of a trial: the step's own, as another actor sends it, or another step's in its place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotfire.editing.leaves import leaves
from hotfire.errors import UsageError
from hotfire.model.edit import Edit
from hotfire.model.perturbation import Borrowed, Send
from hotfire.mutation.standins import restored
from hotfire.worlds.driver.asked import Asked, Credentials
from hotfire.worlds.driver.disguise import broken, is_bound, worn
from hotfire.worlds.driver.http import Answered, Request, told
from hotfire.worlds.driver.recording import Recorded, filled_by, page_for, sent_by, tokened_by
from hotfire.worlds.firing import changed
from hotfire.worlds.lending import Lent, lent
from hotfire.worlds.rehearsal import Rehearsal

_WITHOUT_FORM = (
    "the sender is not given this form, nor any other with a CSRF token: what becomes of its request is not known"
)
_BOUND = "the request has its own actor's CSRF token, which is nobody else's: write actor.submit(page, …) for the form"
_NOT_TAKEN = "no other row has a value in {} any longer"
_OTHER_PATH = "the critical path is another one than it was: run `hotfire check` again for its trials"


@dataclass(slots=True, kw_only=True)
class Casting:
    """The sendings of one trial of the rehearsal's step `index`; the stand has been restored and started.

    `taken` is what other rows have, as a baseline tells it. `asked_before`: something was asked of the service to make
    them, and that may have left something behind. `trouble` says why a request is not what its sender would send;
    `idle`: it is the step's own after all, since the peer has the very same value there.
    """

    rehearsal: Rehearsal
    index: int
    taken: Mapping[str, str] = field(default_factory=dict)
    asked_before: bool = False
    trouble: str = ""
    idle: bool = False
    requests: dict[Send, Request] = field(default_factory=dict)

    async def cast(self, sends: Sequence[Send], checkpoint: int) -> int:
        """Make the request of each sending, and give the checkpoint before the step: where it was, or behind all that.

        Raises:
            UsageError: it is of an actor or a step that the critical path does not have.
        """
        for send in sends:
            if send not in self.requests:
                request = await self._request(send)
                self.requests[send] = changed(request, self._edits(send, request))
        return await self.rehearsal.stand.checkpoint() if self.asked_before else checkpoint

    async def _request(self, send: Send) -> Request:
        recorded = self._recorded(send.step)
        if send.borrowed:
            return await self._borrowing(recorded.request, send.borrowed)
        if not send.actor and not send.credential:
            return recorded.request
        if not send.credential and (form := recorded.forms.get(send.actor)):
            return form
        if send.actor in recorded.step.peers and not send.once:  # the rehearsal has looked for its form
            return sent_by(recorded.asked, self.rehearsal.credentials[send.actor])
        asked = worn(recorded.asked)
        if is_bound(recorded.asked):
            self.trouble = _BOUND
        credentials = self._credentials(send, asked)
        return await self._with_form(asked, credentials) or sent_by(asked, credentials)

    def _edits(self, send: Send, request: Request) -> tuple[Edit, ...]:
        """The edits of a sending, made true; what another row has is filled in as the kind of JSON that is there."""
        edits = restored(send.edits, told(request)) if send.edits else ()
        if not send.taken:
            return edits
        *fill, wrong = edits
        if send.taken not in self.taken:
            self.trouble = _NOT_TAKEN.format(send.taken)
            return tuple(fill)
        value, place = self.taken[send.taken], (wrong.part, wrong.place, wrong.occurrence)
        own = (each.value for each in leaves(told(request)) if (each.part, each.place, each.occurrence) == place)
        is_text = wrong.part == "body" and next(own, "").startswith('"')
        return (*fill, replace(wrong, value=json.dumps(value) if is_text else value))

    async def _borrowing(self, request: Request, borrowed: Borrowed) -> Request:
        """The request with one value of a peer's, who plays the path for it."""
        lending = await lent(self.rehearsal, self.index, borrowed)
        self.asked_before, self.trouble, self.idle = True, lending.trouble, lending == Lent()
        return changed(request, (lending.edit,)) if lending.edit else request

    async def _with_form(self, asked: Asked, credentials: Credentials) -> Request | None:
        """The form, filled in once more in the page that these credentials are given: its token is of their session."""
        answered = await self._read(asked, credentials)
        if answered is None:
            return None
        form = filled_by(asked, credentials, answered)
        if form is None and answered.status == 200:  # else it may not even see the form, and so not send it
            form = tokened_by(asked, credentials, answered, asked) or await self._by_a_door(asked, credentials)
            self.trouble = "" if form else _WITHOUT_FORM
        return form

    async def _by_a_door(self, asked: Asked, credentials: Credentials) -> Request | None:
        """The form, with the token that the page of a sign-in gives to everybody."""
        for door in self.rehearsal.doors:
            answered = await self._read(door, credentials)
            if answered and (form := tokened_by(asked, credentials, answered, door)):
                return form
        return None

    async def _read(self, asked: Asked, credentials: Credentials) -> Answered | None:
        """What these credentials are given as the page of a form, where it can be read again."""
        page = page_for(asked, credentials)
        if page is None:
            return None
        stand, deadline = self.rehearsal.stand, self._recorded("").step.deadline
        answered = await stand.ask(page, deadline)
        await stand.quiet(deadline)
        self.asked_before = True
        return answered

    def _recorded(self, step: str) -> Recorded:
        recorded = self.rehearsal.recorded
        found = next((each for each in recorded if each.step.key == step), None) if step else recorded[self.index]
        if found is None:
            raise UsageError(f"the critical path makes no step {step!r}", hint=_OTHER_PATH)
        return found

    def _credentials(self, send: Send, asked: Asked) -> Credentials:
        """What the sender has at the time of the step: of an actor of the path, what it earned inside of it, too."""
        match send.credential:
            case "none":
                return Credentials()
            case "broken":
                return broken(asked.credentials)
            case _:
                others = self._recorded("").others
                known = others.get(send.actor) or self.rehearsal.credentials.get(send.actor)
        if known is None:
            raise UsageError(f"the critical path has no actor {send.actor!r}", hint=_OTHER_PATH)
        return known
