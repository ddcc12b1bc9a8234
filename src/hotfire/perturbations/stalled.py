"""A dependency accepts what it is asked, and never answers: all of it, or one call.

A database stalls as a busy server does, which the service's own `statement_timeout` still ends.
"""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Drop
from hotfire.model.call import Call
from hotfire.model.perturbation import AtPoint, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled(AtPoint, Fault):
    """Without a `signature` nothing is answered, to no call and no connection; else that one call is not."""

    kind: ClassVar[str] = "stalled"
    needs_network: ClassVar[bool] = True
    waits: ClassVar[bool] = True
    signature: str = ""

    def on_open(self, dependency: str) -> Action:
        """Accept it, and say nothing."""
        return Drop() if not self.signature and dependency == self.dependency else FORWARD

    def on_call(self, call: Call) -> Action:
        """Let it wait."""
        concerned = call.point == self.point if self.signature else call.point.dependency == self.dependency
        return Drop() if concerned else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: no answer to {self.point.says() if self.signature else 'anything'}"
