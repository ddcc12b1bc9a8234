"""What a client has said since its transaction began: the part of a signature that a connection remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from zlib import crc32

from hotfire.wire.postgres.names import Script
from hotfire.wire.sql import Statement, Turn

# A signature stays short enough to be kept with each of ten thousand calls; the check sum keeps it one of its kind.
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What has been said: `text`; `once` is what it would be, had the `last` statement not come `count` times."""

    text: str = ""
    once: str = ""
    last: str = ""
    count: int = 0


_NOTHING = _Said()


class Transaction:
    """The client's view of its transaction, ahead of the server's answers, which correct it."""

    def __init__(self) -> None:
        self.explicit = False
        """Whether BEGIN was said and neither COMMIT nor ROLLBACK."""
        self._said = _NOTHING

    @property
    def said(self) -> str:
        """The statements joined by "; ": equal ones in a row once with "(3 times)", a very long beginning cut short."""
        return self._said.text

    def and_then(self, text: str) -> str:
        """What would have been said with `text`, which is no statement."""
        return f"{self.said}; {text}" if self.said else text

    def execute(self, script: Script) -> tuple[str, bool]:
        """Note the statements of one segment; what has been said with them, and whether one of them commits."""
        said = self._said
        for statement in script.statements:
            said = _and(said, statement.text)
        self._said = said
        if script.turning:
            self._turn(script.statements)
        return said.text, script.committing

    def end(self) -> bool:
        """A Sync, or a simple Query's end: whether it commits an implicit transaction that has done something."""
        if self.explicit:
            return False
        something = self._said.count > 0
        self._said = _NOTHING
        return something

    def correct(self, status: str) -> None:
        """Take the server's word where nothing is on its way: "I" idle, "T" in a transaction, "E" in a failed one."""
        self.explicit = status != "I"
        if not self.explicit:
            self._said = _NOTHING

    def _turn(self, statements: Sequence[Statement]) -> None:
        """Go through BEGIN, COMMIT and ROLLBACK; only what stands behind the last end is still said."""
        rest: list[str] | None = None
        for statement in statements:
            if statement.turn == "begin":
                self.explicit = True
            elif statement.turn:
                self.explicit = _chains(statement.turn)
                rest = []
                continue
            if rest is not None:
                rest.append(statement.text)
        if rest is not None:
            self._said = reduce(_and, rest, _NOTHING)


# Transactions say the same again and again, and so their signatures are one text in memory, whatever the connection.
@lru_cache(maxsize=1024)
def _and(said: _Said, text: str) -> _Said:
    """What has been said with one more statement."""
    if text == said.last:
        count = said.count + 1
        whole = f"{said.once} ({count} times)" if count > 1 else said.once
        return _Said(whole, said.once, text, count)
    before = said.text
    if len(before) > _LONGEST:
        before = f"{before[: _LONGEST // 2]} … #{crc32(before.encode()):08x}"
    whole = f"{before}; {text}" if before else text
    return _Said(whole, whole, text, 1)


def _chains(turn: Turn) -> bool:
    return turn.endswith("chain")
