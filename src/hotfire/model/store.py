"""Something with state: can be restored, asked what changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from hotfire.errors import HotfireError
from hotfire.model.history import Row, RowChange

START = 0
"""The checkpoint that every store has: the template's own state."""


class CheckpointLost(HotfireError):  # noqa: N818  (a state of the world's play that it recovers from, not a fault)
    """A checkpoint could not be brought back. The store is as its template was, all later checkpoints are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One row written, as the change log tells it: by which connection (the server's pid), in which transaction.

    `instant` is the server's clock in seconds since 1970, which places the write inside one exchange of the border.
    `call` places it where the border itself saw who wrote: the instants of a pipeline's calls are one.
    """

    connection: int
    transaction: int
    table: str
    operation: str  # insert | update | delete | truncate
    instant: float
    call: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since a checkpoint: the net row changes, and each write in its order.

    `unplaced`: a change that no write stands for, so that nobody can say at which point it was there; else empty.
    `trouble`: what went wrong in the store itself and not in the service, so that nothing can be judged; else empty.
    """

    rows: tuple[RowChange, ...]
    writes: tuple[Write, ...]
    unplaced: str = ""
    trouble: str = ""


class Store(Protocol):
    """A dependency's state in one world."""

    async def checkpoint(self) -> int:
        """Remember this moment; the number orders checkpoints."""
        ...

    async def restore(self, checkpoint: int) -> None:
        """Bring all back to that moment; later checkpoints are forgotten."""
        ...

    async def changes(self, checkpoint: int) -> Changes:
        """What has changed since."""
        ...

    async def advance(self, prime: int) -> None:
        """Move what generates values on, so that two clean runs do not agree by chance."""
        ...

    async def columns(self) -> dict[str, dict[str, str]]:
        """The type name of each column, by "store.table" and by the column's name."""
        ...

    async def freeze(self) -> None:
        """Make this moment the one that START means; nobody may be connected."""
        ...

    async def thaw(self) -> None:
        """Let START mean the template's state again."""
        ...

    async def close(self) -> None:
        """Leave nothing of this world's copy behind."""
        ...


@runtime_checkable
class Keyed(Protocol):
    """A store whose tables have keys: columns in which no two rows may agree."""

    async def keys(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The columns of each key, by table as a row change names it: the primary key first, () where there is none."""
        ...

    async def held(self, table: str, column: str, like: Row, besides: Collection[str]) -> str | None:
        """The first value that a row has now in this column and is none of `besides`; None where there is none.

        Only rows count that agree with `like` in its columns.
        """
        ...
