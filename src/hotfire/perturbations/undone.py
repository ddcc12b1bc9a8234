"""The critical path is played undisturbed to its end, and its undo behind it."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class PathUndone:
    """The step as it is, the rest of the path, then what the person declared as its undo."""

    kind: ClassVar[str] = "undone"
    undoes: ClassVar[bool] = True

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request."""
        del step
        return (Send(retry=False),)

    def says(self) -> str:
        """In the user's words."""
        return "played to its end, then undone"
