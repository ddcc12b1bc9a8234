"""A dependency is down for the step: each connection is refused, and each call on an open one meets a reset."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Reset
from hotfire.model.call import Call
from hotfire.model.perturbation import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Fault):
    """As while a dependency is restarted: a pool's open connections are of no use, and there are no others."""

    kind: ClassVar[str] = "refused"
    needs_network: ClassVar[bool] = True
    dependency: str

    def on_open(self, dependency: str) -> Action:
        """Reset it before anything is said."""
        return Reset() if dependency == self.dependency else FORWARD

    def on_call(self, call: Call) -> Action:
        """Reset the connection on which it comes."""
        return Reset() if call.point.dependency == self.dependency else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency} down for the whole request"
