"""Nothing is changed: the null trial, without which there is no verdict."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """The step as it is, sent once and never again. `run` numbers the undisturbed runs of one baseline, from 1."""

    kind: ClassVar[str] = "none"
    run: int = 0

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request."""
        del step
        return (Send(retry=False),)

    def says(self) -> str:
        """In the user's words."""
        return f"undisturbed, run {self.run}" if self.run else "undisturbed"
