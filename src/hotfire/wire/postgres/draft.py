"""The client's next segment, as far as it has come: which messages still belong to it, and what they say."""

from hotfire.wire.postgres.names import Names, Script, script
from hotfire.wire.sql import Statement

SYNC, _FLUSH, _QUERY, _FUNCTION = b"SHQF"
_PARSE, _BIND, _DESCRIBE, _EXECUTE, _CLOSE = _EXTENDED = b"PBDEC"
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
        if kind == _BIND:
            self._bound = self._names.bind(buffer, at)
            self.steps, self.continues = self.steps + "B", _EXTENDING
        elif kind == _EXECUTE:
            self.executed = self._names.executed(buffer, at)
            self.steps, self.continues = self.steps + "E", _BEHIND_EXECUTE
        elif kind == SYNC:
            self.steps += "S"
        elif kind == _DESCRIBE:
            self._bound = self._bound or self._names.described(buffer, at)
            self.steps, self.continues = self.steps + "D", _EXTENDING
        elif kind == _PARSE:
            prepared = self._names.prepare(buffer, at).text
            self._prepared = f"{self._prepared}; {prepared}" if self._prepared else prepared
            self.steps, self.continues = self.steps + "P", _EXTENDING
        elif kind == _QUERY:
            self.executed = script(buffer[at : end - 1])
            self.steps = "Q"
        elif kind == _CLOSE:
            self._names.close(buffer, at)
            self.steps, self.continues = self.steps + "C", _EXTENDING
        elif kind == _FUNCTION:
            self.executed = _FUNCTION_CALL
            self.steps = "F"
        elif kind != _FLUSH:
            self.quiet, self.continues = True, _QUIET
