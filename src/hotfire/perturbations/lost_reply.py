"""The connection is cut after the server did the work and before its reply arrives; the process lives on."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Exchange, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class LostReply:
    """The call took effect, and the service cannot know it."""

    kind: ClassVar[str] = "lost_reply"
    needs_network: ClassVar[bool] = True
    dependency: str
    signature: str
    occurrence: int = 1

    @property
    def point(self) -> Point:
        """Whose reply is lost."""
        return Point(dependency=self.dependency, signature=self.signature, occurrence=self.occurrence)

    def on_reply(self, exchange: Exchange) -> Action:
        """Cut, and pass nothing back."""
        return Reset() if exchange.call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"reply lost at {self.point.says()}"
