"""Nothing is changed: the null trial, without which there is no verdict."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """The step as it is, sent once and never again."""

    kind: ClassVar[str] = "none"

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request."""
        del step
        return (Send(retry=False),)

    def says(self) -> str:
        """In the user's words."""
        return "undisturbed"
