"""The connection is reset at one call, which the dependency has not seen; the process lives on, and nobody retries."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Call
from hotfire.model.perturbation import AtPoint, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAt(AtPoint, Fault):
    """As `lost_call`, judged by the first answer and by what comes when the fault is gone."""

    kind: ClassVar[str] = "reset"
    needs_network: ClassVar[bool] = True

    def on_call(self, call: Call) -> Action:
        """Cut, and pass nothing on."""
        return Reset() if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: connection reset at {self.point.says()}"
