"""The connection is cut before the server sees the call; the process lives on."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Call, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCall:
    """The call did not take effect, and the service cannot know it."""

    kind: ClassVar[str] = "lost_call"
    needs_network: ClassVar[bool] = True
    dependency: str
    signature: str
    occurrence: int = 1

    @property
    def point(self) -> Point:
        """Which call is lost."""
        return Point(dependency=self.dependency, signature=self.signature, occurrence=self.occurrence)

    def on_call(self, call: Call) -> Action:
        """Cut, and pass nothing on."""
        return Reset() if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"call lost at {self.point.says()}"
