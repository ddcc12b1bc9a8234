"""A read of the path, by another and by its own actor, at the moment before the step: who may see the object."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBy:
    """The request of `read`, a step of the path, in place of this one; `actor` "": by nobody."""

    kind: ClassVar[str] = "read_by"
    is_reference: ClassVar[bool] = True
    read: str
    actor: str = ""

    def requests(self, step: Step) -> tuple[Send, ...]:
        """By the other first, since what opens once is then gone; then by its own actor, who shows that it is there.

        The step's own request goes to its own actor first: whether a cache keeps the answer for the other.
        """
        other = Send(step=self.read, retry=False, once=True, credential="" if self.actor else "none", actor=self.actor)
        own = Send(step=self.read, retry=False, once=True)
        return (own, other) if self.read == step.key else (other, own)

    def says(self) -> str:
        """In the user's words."""
        return f"{self.read.split(' ', 1)[1].removesuffix(' #1')} read by {self.actor or 'nobody'} at this moment"
