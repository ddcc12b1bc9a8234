"""The same request twice, one after the other: by one client, or by two of the same role."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class InSequence:
    """Sent twice; with `peer`, once by each; with `peer_first`, the peer's goes ahead."""

    kind: ClassVar[str] = "in_sequence"
    is_reference: ClassVar[bool] = True
    peer: str = ""
    peer_first: bool = False

    def requests(self, step: Step) -> tuple[Send, ...]:
        """Both, the second after the answer of the first."""
        del step
        mine, other = Send(), Send(actor=self.peer)
        return (other, mine) if self.peer_first else (mine, other)

    def says(self) -> str:
        """In the user's words."""
        return f"sent once more, by {self.peer}" if self.peer else "sent twice, one after the other"
