"""The same request by another actor: by a peer, who has other data, or by one of another role."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ByOther:
    """Sent once, with the credentials of `actor` in place of the step's own."""

    kind: ClassVar[str] = "by_other"
    is_reference: ClassVar[bool] = True
    actor: str

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request; whose it is, is all that differs."""
        del step
        return (Send(actor=self.actor, retry=False, once=True),)

    def says(self) -> str:
        """In the user's words."""
        return f"sent by {self.actor}"
