"""The actor's own request with one value of a peer's in it: what stands there when the peer plays the same path."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.edit import Part
from hotfire.model.perturbation import Borrowed, Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPeers:
    """Sent once by the step's own actor; the value of one place is the peer's. `part` and `place` are an edit's."""

    kind: ClassVar[str] = "at_peers"
    is_reference: ClassVar[bool] = True
    peer: str
    part: Part
    place: str
    occurrence: int = 1

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request. The value is known to the world only: it is made when the peer plays."""
        del step
        lent = Borrowed(actor=self.peer, part=self.part, place=self.place, occurrence=self.occurrence)
        return (Send(borrowed=lent, retry=False, once=True),)

    def says(self) -> str:
        """In the user's words."""
        return f"sent with {self.peer}'s value in the {self.part} at {self.place}"
