"""The process dies (SIGKILL) at a call: before the server sees it, or when it took effect and before the reply."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from hotfire.model.action import FORWARD, Action, Signal
from hotfire.model.call import Call, Exchange, Point

_KILL = Signal(name="SIGKILL", forward=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """SIGKILL to the whole process group at a point; the client that has no answer sends the same bytes again."""

    kind: ClassVar[str] = "kill"
    dependency: str
    signature: str
    occurrence: int = 1
    when: Literal["before", "after"] = "after"

    @property
    def point(self) -> Point:
        """Where it dies."""
        return Point(dependency=self.dependency, signature=self.signature, occurrence=self.occurrence)

    def on_call(self, call: Call) -> Action:
        """Die before the call is passed on."""
        return _KILL if self.when == "before" and call.point == self.point else FORWARD

    def on_reply(self, exchange: Exchange) -> Action:
        """Die when the server has done it."""
        return _KILL if self.when == "after" and exchange.call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"killed {self.when} {self.point.says()}"
