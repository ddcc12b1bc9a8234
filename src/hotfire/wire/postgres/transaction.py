"""What a client has said since its transaction began: the part of a signature that a connection remembers."""

from collections.abc import Sequence
from zlib import crc32

from hotfire.wire.sql import Statement, Turn

# A signature stays short enough to be kept with each of ten thousand calls; the check sum keeps it one of its kind.
_LONGEST = 2_000


class Transaction:
    """The client's view of its transaction, ahead of the server's answers, which correct it."""

    def __init__(self) -> None:
        self.explicit = False
        """Whether BEGIN was said and neither COMMIT nor ROLLBACK."""
        self._before = ""
        self._last = ""
        self._count = 0

    @property
    def said(self) -> str:
        """The statements joined by "; ": equal ones in a row once with "(3 times)", a very long beginning cut short."""
        last = f"{self._last} ({self._count} times)" if self._count > 1 else self._last
        return f"{self._before}; {last}" if self._before else last

    def and_then(self, text: str) -> str:
        """What would have been said with `text`, which is no statement."""
        said = self.said
        return f"{said}; {text}" if said else text

    def execute(self, statements: Sequence[Statement]) -> tuple[str, bool]:
        """Note statements of one segment; what has been said with them, and whether one of them commits."""
        for statement in statements:
            self._add(statement.text)
        said = self.said
        turns = [statement.turn for statement in statements if statement.turn]
        if turns:
            self._turn(statements)
        return said, any(turn.startswith("commit") for turn in turns)

    def end(self) -> bool:
        """A Sync, or a simple Query's end: whether it commits an implicit transaction that has done something."""
        if self.explicit:
            return False
        something = self._count > 0
        self._forget()
        return something

    def correct(self, status: str) -> None:
        """Take the server's word where nothing is on its way: "I" idle, "T" in a transaction, "E" in a failed one."""
        self.explicit = status != "I"
        if not self.explicit:
            self._forget()

    def _add(self, text: str) -> None:
        if text == self._last:
            self._count += 1
            return
        before = self.said
        if len(before) > _LONGEST:
            before = f"{before[: _LONGEST // 2]} … #{crc32(before.encode()):08x}"
        self._before, self._last, self._count = before, text, 1

    def _forget(self) -> None:
        self._before, self._last, self._count = "", "", 0

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
            self._forget()
            for text in rest:
                self._add(text)


def _chains(turn: Turn) -> bool:
    return turn.endswith("chain")
