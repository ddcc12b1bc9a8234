"""The body cannot be read at all: what such a request leaves behind, the service keeps of each request."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.edit import Edit
from hotfire.model.perturbation import Send
from hotfire.model.step import Step

_BROKEN = '{"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The step's request with a body that is no JSON, and no form with fields either."""

    kind: ClassVar[str] = "unreadable"
    is_reference: ClassVar[bool] = True
    shares: ClassVar[bool] = True

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request, with another body."""
        del step
        return (Send(retry=False, edits=(Edit(part="content", value=_BROKEN),)),)

    def says(self) -> str:
        """In the user's words."""
        return f"the body is {_BROKEN!r}, which cannot be read"
