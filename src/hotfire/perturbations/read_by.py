"""A read of the path, by its own actor and then by another, at the moment before the step: who may see the object."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBy:
    """The request of `read`, another step of the path, in place of this one; `actor` "": by nobody."""

    kind: ClassVar[str] = "read_by"
    is_reference: ClassVar[bool] = True
    read: str
    actor: str = ""

    def requests(self, step: Step) -> tuple[Send, ...]:
        """First by its own actor: what nobody can read yet, is refused to everybody."""
        del step
        other = Send(step=self.read, retry=False, once=True, credential="" if self.actor else "none", actor=self.actor)
        return (Send(step=self.read, retry=False, once=True), other)

    def says(self) -> str:
        """In the user's words."""
        return f"{self.read.split(' ', 1)[1].removesuffix(' #1')} read by {self.actor or 'nobody'} at this moment"
