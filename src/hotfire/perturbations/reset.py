"""The connection is reset at one call, which the dependency has not seen; the process lives on, and nobody retries."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Call, Point
from hotfire.model.perturbation import THEN_RECOVERS, Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAt:
    """As `lost_call`, judged by the first answer and by what comes when the fault is gone."""

    kind: ClassVar[str] = "reset"
    needs_network: ClassVar[bool] = True
    dependency: str
    signature: str
    occurrence: int = 1

    @property
    def point(self) -> Point:
        """Where it is reset."""
        return Point(dependency=self.dependency, signature=self.signature, occurrence=self.occurrence)

    def requests(self, step: Step) -> tuple[Send, ...]:
        """One while the fault is there, and one when it is gone."""
        del step
        return THEN_RECOVERS

    def on_call(self, call: Call) -> Action:
        """Cut, and pass nothing on."""
        return Reset() if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: connection reset at {self.point.says()}"
