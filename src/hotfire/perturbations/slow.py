"""One call takes long, and still less than the step may take."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Delay
from hotfire.model.call import Call
from hotfire.model.perturbation import AtPoint, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow(AtPoint, Fault):
    """The dependency does the call `seconds` later than it is asked: slow, but legal."""

    kind: ClassVar[str] = "slow"
    needs_network: ClassVar[bool] = True
    waits: ClassVar[bool] = True
    fails: ClassVar[bool] = False
    seconds: float = 1.0

    def on_call(self, call: Call) -> Action:
        """Pass it on later."""
        return Delay(seconds=self.seconds) if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: {self.seconds:g} s slower at {self.point.says()}"
