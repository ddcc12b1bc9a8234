"""One call takes long, and still less than the step may take."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Delay
from hotfire.model.call import Call, Point
from hotfire.model.perturbation import THEN_RECOVERS, Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """The dependency does the call `seconds` later than it is asked: slow, but legal."""

    kind: ClassVar[str] = "slow"
    needs_network: ClassVar[bool] = True
    waits: ClassVar[bool] = True
    dependency: str
    signature: str
    occurrence: int = 1
    seconds: float = 1.0

    @property
    def point(self) -> Point:
        """Which call takes long."""
        return Point(dependency=self.dependency, signature=self.signature, occurrence=self.occurrence)

    def requests(self, step: Step) -> tuple[Send, ...]:
        """One while the fault is there, and one when it is gone."""
        del step
        return THEN_RECOVERS

    def on_call(self, call: Call) -> Action:
        """Pass it on later."""
        return Delay(seconds=self.seconds) if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: {self.seconds:g} s slower at {self.point.says()}"
