"""The connection is cut before the server sees the call; the process lives on."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Call
from hotfire.model.perturbation import AtPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCall(AtPoint):
    """The call did not take effect, and the service cannot know it."""

    kind: ClassVar[str] = "lost_call"
    needs_network: ClassVar[bool] = True
    fails: ClassVar[bool] = True

    def on_call(self, call: Call) -> Action:
        """Cut, and pass nothing on."""
        return Reset() if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"call lost at {self.point.says()}"
