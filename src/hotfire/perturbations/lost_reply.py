"""The connection is cut after the server did the work and before its reply arrives; the process lives on."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Exchange
from hotfire.model.perturbation import AtPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class LostReply(AtPoint):
    """The call took effect, and the service cannot know it."""

    kind: ClassVar[str] = "lost_reply"
    needs_network: ClassVar[bool] = True
    fails: ClassVar[bool] = True

    def on_reply(self, exchange: Exchange) -> Action:
        """Cut, and pass nothing back."""
        return Reset() if exchange.call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"reply lost at {self.point.says()}"
