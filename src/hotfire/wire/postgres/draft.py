"""The client's next segment, as far as it has come: which messages still belong to it, and what they say."""

from hotfire.wire.postgres.names import Names, Script, script
from hotfire.wire.sql import Statement

SYNC, _FLUSH, _QUERY, _FUNCTION = b"SHQF"
_PARSE, _BIND, _DESCRIBE, _EXECUTE, _ = _EXTENDED = b"PBDEC"
ENDING = frozenset((SYNC, _FLUSH, _QUERY, _FUNCTION))
"""A segment ends behind each of these."""
_BEHIND_EXECUTE = frozenset((SYNC, _FLUSH))
_ANY = frozenset(range(256))
_QUIET = _ANY.difference(_EXTENDED, ENDING)
_EXTENDING = _BEHIND_EXECUTE.union(_EXTENDED)
_FUNCTION_CALL = Script.of(Statement(text="function ?"))


class Draft:
    """What the client has said since the last segment; `hear` its messages, then `clear` it.

    steps     one letter for each message that is answered.
    continues the types of the messages that may still follow in this segment.
    executed  what its Execute, its Query or its FunctionCall executes.
    quiet     whether it is of messages that are not answered.
    """

    __slots__ = ("_bound", "_names", "_prepared", "continues", "data", "executed", "quiet", "steps")

    def __init__(self, names: Names) -> None:
        self._names = names
        self.clear()

    def clear(self) -> None:
        """Begin the next segment."""
        self.data = b""
        self.steps = ""
        self.continues = _ANY
        self.executed: Script | None = None
        self.quiet = False
        self._prepared = ""
        self._bound: Script | None = None

    @property
    def preparing(self) -> str:
        """What it prepares, else what it binds or describes; "" for none of these."""
        if self._prepared:
            return f"prepare: {self._prepared}"
        return "" if self._bound is None else f"prepare: {self._bound.text}"

    def hear(self, kind: int, buffer: bytes, at: int, end: int) -> None:
        """Note a message of the type `kind`, whose body stands in `buffer` from `at` to `end`."""
        if kind in _EXTENDED:
            self._extend(kind, buffer, at)
        elif kind == SYNC:
            self.steps += "S"
        elif kind == _QUERY:
            self.steps = "Q"
            self.executed = script(buffer[at : end - 1])
        elif kind == _FUNCTION:
            self.steps = "F"
            self.executed = _FUNCTION_CALL
        elif kind != _FLUSH:
            self.quiet, self.continues = True, _QUIET

    def _extend(self, kind: int, buffer: bytes, at: int) -> None:
        """Note a message of the extended protocol."""
        self.continues = _EXTENDING
        if kind == _BIND:
            self.steps += "B"
            self._bound = self._names.bind(buffer, at)
        elif kind == _EXECUTE:
            self.steps += "E"
            self.executed = self._names.executed(buffer, at)
            self.continues = _BEHIND_EXECUTE
        elif kind == _DESCRIBE:
            self.steps += "D"
            self._bound = self._bound or self._names.described(buffer, at)
        elif kind == _PARSE:
            self.steps += "P"
            prepared = self._names.prepare(buffer, at).text
            self._prepared = f"{self._prepared}; {prepared}" if self._prepared else prepared
        else:
            self.steps += "C"
            self._names.close(buffer, at)
