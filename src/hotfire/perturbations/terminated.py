"""SIGTERM in the middle of a request: a deployment. The service may finish, or leave it to the client's retry."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Signal
from hotfire.model.call import Exchange
from hotfire.model.perturbation import AtPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated(AtPoint):
    """SIGTERM to the process group when the server has done the call; the reply still passes."""

    kind: ClassVar[str] = "terminated"

    def on_reply(self, exchange: Exchange) -> Action:
        """Signal, and pass the reply back."""
        return Signal(name="SIGTERM", forward=True) if exchange.call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"SIGTERM after {self.point.says()}"
