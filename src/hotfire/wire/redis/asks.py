"""What a session's two streams are made of: the client's pieces and asks, the server's pieces and what they end."""

from typing import Literal, NamedTuple


class Ask(NamedTuple):
    """A call.

    text       the command and the patterns of its keys: `INCRBY rate:…`; a transaction's is `EXEC`.
    signature  the text; a transaction's are the texts of its commands and `EXEC`, joined by "; ".
    executes   whether it is about data, and not about the connection alone.
    blocks     whether it may wait until another client does something.
    """

    text: str
    signature: str
    executes: bool
    blocks: bool


class Piece(NamedTuple):
    """A piece of the client's stream, as the server is to get it; `ask` is None where it is no call of its own."""

    data: bytes
    ask: Ask | None


class Done(NamedTuple):
    """The end of an ask: `detail` is the server's own word, `writes` what became durable: operation and key pattern."""

    outcome: Literal["ok", "error"]
    detail: str
    writes: tuple[tuple[str, str], ...]

    @property
    def durable(self) -> bool:
        """Whether it wrote: what Redis has answered outlives the service."""
        return bool(self.writes)


class Told(NamedTuple):
    """A piece of the server's stream, as the client is to get it; `done` where it is the reply of the oldest ask.

    `size` is how many bytes of the server it stands for: more or less than its own where a border answers itself.
    """

    data: bytes
    done: Done | None
    size: int
