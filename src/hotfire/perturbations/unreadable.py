"""The request cannot be read at all: what such a request leaves behind, the service keeps of each request."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.edit import Edit, read
from hotfire.model.perturbation import Send
from hotfire.model.step import Step

_BROKEN = '{"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The step's request with a body that is no JSON, and no form with fields either.

    `edits` are another way, as `hotfire.model.edit.written` writes them, and `sentence` says that to a person.
    """

    kind: ClassVar[str] = "unreadable"
    is_reference: ClassVar[bool] = True
    shares: ClassVar[bool] = True
    edits: str = ""
    sentence: str = f"the body is {_BROKEN!r}, which cannot be read"

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request, with another body."""
        del step
        return (Send(retry=False, edits=read(self.edits) if self.edits else (_NO_JSON,)),)

    def says(self) -> str:
        """In the user's words."""
        return self.sentence


_NO_JSON = Edit(part="content", value=_BROKEN)
