"""The same request twice at once, in a certain order: the first is held at a write until the second has gone by."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Hold
from hotfire.model.call import Call
from hotfire.model.perturbation import AtPoint, Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce(AtPoint):
    """A race under certain order, over two processes on one store; with `peer`, between two of the same role."""

    kind: ClassVar[str] = "at_once"
    peer: str = ""
    processes: int = 2

    def requests(self, step: Step) -> tuple[Send, ...]:
        """Both, once; the second starts when the first is held."""
        del step
        second = 1 if self.processes > 1 else 0
        return (Send(retry=False), Send(actor=self.peer, start="held", process=second, retry=False))

    def on_call(self, call: Call) -> Action:
        """Hold the first of the two, which is the only one there is at that time."""
        return Hold() if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        who = f"by two ({self.peer} too)" if self.peer else "twice"
        return f"sent {who} at once, the first held at {self.point.says()}"
