"""What a client has said since its transaction began: the part of a signature that a connection remembers."""

from collections.abc import Sequence
from zlib import crc32

from hotfire.wire.postgres.names import Script
from hotfire.wire.sql import Statement, Turn

# A signature stays short enough to be kept with each of ten thousand calls; the check sum keeps it one of its kind.
_LONGEST = 2_000


class Transaction:
    """The client's view of its transaction, ahead of the server's answers, which correct it."""

    def __init__(self) -> None:
        self.explicit = False
        """Whether BEGIN was said and neither COMMIT nor ROLLBACK."""
        self.said = ""
        """The statements joined by "; ": equal ones in a row once with "(3 times)", a very long beginning cut short."""
        self._once = ""  # what is said where the last statement came once
        self._last = ""
        self._count = 0

    def and_then(self, text: str) -> str:
        """What would have been said with `text`, which is no statement."""
        return f"{self.said}; {text}" if self.said else text

    def execute(self, script: Script) -> tuple[str, bool]:
        """Note the statements of one segment; what has been said with them, and whether one of them commits."""
        for statement in script.statements:
            self._add(statement.text)
        said = self.said
        if not script.turning:
            return said, False
        self._turn(script.statements)
        return said, any(statement.turn.startswith("commit") for statement in script.statements)

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
            self.said = f"{self._once} ({self._count} times)" if self._count > 1 else self._once
            return
        before = self.said
        if len(before) > _LONGEST:
            before = f"{before[: _LONGEST // 2]} … #{crc32(before.encode()):08x}"
        self.said = self._once = f"{before}; {text}" if before else text
        self._last, self._count = text, 1

    def _forget(self) -> None:
        self.said = self._once = self._last = ""
        self._count = 0

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
