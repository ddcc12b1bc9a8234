"""The same request by nobody: with no credential at all, or with one that is none any more."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNobody:
    """Sent once without a credential; `broken`: with the end of each credential changed."""

    kind: ClassVar[str] = "by_nobody"
    is_reference: ClassVar[bool] = True
    broken: bool = False

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request."""
        del step
        return (Send(credential="broken" if self.broken else "none", retry=False, once=True),)

    def says(self) -> str:
        """In the user's words."""
        return "sent with a broken credential" if self.broken else "sent without a credential"
