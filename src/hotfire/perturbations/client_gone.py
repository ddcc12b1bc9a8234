"""The client goes away in the middle of its request: a closed lid, a proxy's time-out."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Hold
from hotfire.model.call import Exchange
from hotfire.model.perturbation import AtPoint, Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientGone(AtPoint):
    """The client hangs up while the reply of a call is held; `again`: it comes back with the same bytes."""

    kind: ClassVar[str] = "client_gone"
    again: bool = False

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The one request, hung up on."""
        del step
        return (Send(hang_up=True, retry=self.again),)

    def on_reply(self, exchange: Exchange) -> Action:
        """Hold the reply until the client has gone."""
        return Hold() if exchange.call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"client gone after {self.point.says()}{', and back with the same request' if self.again else ''}"
