"""The client's next segment, as far as it has come: which messages still belong to it, and what they say."""

from hotfire.wire.postgres.names import Names, Script, script
from hotfire.wire.postgres.startup import SYNC, message
from hotfire.wire.sql import Statement

_SYNC, _FLUSH, _QUERY, _FUNCTION = b"SHQF"
_PARSE, _BIND, _DESCRIBE, _EXECUTE, _CLOSE = _EXTENDED = b"PBDEC"
_BEHIND_EXECUTE = frozenset((_SYNC, _FLUSH))
_ANY = frozenset(range(256))
_QUIET = _ANY.difference(_EXTENDED, _BEHIND_EXECUTE, (_QUERY, _FUNCTION))
_EXTENDING = _BEHIND_EXECUTE.union(_EXTENDED)
# What drivers send behind nearly every Bind, read at once: Execute and Sync, or Describe, Execute and Sync, all of the
# unnamed portal.
_EXECUTE_SYNC = message(b"E", bytes(5)) + SYNC
_DESCRIBE_EXECUTE_SYNC = message(b"D", b"P\0") + _EXECUTE_SYNC
_UNNAMED = b"\0"
_FUNCTION_CALL = Script.of(Statement(text="function ?"))


class Draft:
    """What the client has said since the last segment; `hear` its messages, then `clear` it.

    steps     one letter for each message that is answered.
    continues the types of the messages that may still follow in this segment.
    executed  what its Execute, its Query or its FunctionCall executes.
    quiet     whether it is of messages that are not answered.
    whole     whether it has ended, so that no more messages may follow.

    `syncs_ignored` says how many Syncs to come the server ignores, for they stand behind a COPY's end.
    """

    __slots__ = (
        "_bound",
        "_names",
        "_prepared",
        "continues",
        "data",
        "executed",
        "quiet",
        "steps",
        "syncs_ignored",
        "whole",
    )

    def __init__(self, names: Names) -> None:
        self._names = names
        self.syncs_ignored = 0
        self.clear()

    def clear(self) -> None:
        """Begin the next segment."""
        self.data = b""
        self.steps = ""
        self.continues = _ANY
        self.executed: Script | None = None
        self.quiet = self.whole = False
        self._prepared = ""
        self._bound: Script | None = None

    @property
    def preparing(self) -> str:
        """What it prepares, else what it binds or describes; "" for none of these."""
        if self._prepared:
            return f"prepare: {self._prepared}"
        return "" if self._bound is None else f"prepare: {self._bound.text}"

    def hear(self, kind: int, buffer: bytes, at: int, end: int) -> int:
        """Note a message of the type `kind`, whose body stands in `buffer` from `at` to `end`; how far it has read."""
        if kind == _BIND:
            self._bound = self._names.bind(buffer, at)
            self.steps, self.continues = self.steps + "B", _EXTENDING
            return self._end_as_usual(buffer, end)
        if kind in _EXTENDED:
            self._extend(kind, buffer, at)
        elif kind == _QUERY:
            self.executed = script(buffer[at : end - 1])
            self.steps, self.whole = "Q", True
        elif kind == _SYNC:
            self._sync()
        elif kind == _FLUSH:
            self.whole = True
        elif kind == _FUNCTION:
            self.executed = _FUNCTION_CALL
            self.steps, self.whole = "F", True
        else:
            self.quiet, self.continues = True, _QUIET
        return end

    def _extend(self, kind: int, buffer: bytes, at: int) -> None:
        """Note a message of the extended protocol other than Bind."""
        self.continues = _EXTENDING
        if kind == _PARSE:
            prepared = self._names.prepare(buffer, at).text
            self._prepared = f"{self._prepared}; {prepared}" if self._prepared else prepared
            self.steps += "P"
        elif kind == _EXECUTE:
            self.executed = self._names.executed(buffer, at)
            self.steps, self.continues = self.steps + "E", _BEHIND_EXECUTE
        elif kind == _DESCRIBE:
            self._bound = self._bound or self._names.described(buffer, at)
            self.steps += "D"
        else:
            self._names.close(buffer, at)
            self.steps += "C"

    def _end_as_usual(self, buffer: bytes, at: int) -> int:
        """Note what drivers send behind a Bind, if it stands whole at `at`; where it ends."""
        if buffer.startswith(_DESCRIBE_EXECUTE_SYNC, at):
            self.steps += "DES"
            at += len(_DESCRIBE_EXECUTE_SYNC)
        elif buffer.startswith(_EXECUTE_SYNC, at):
            self.steps += "ES"
            at += len(_EXECUTE_SYNC)
        else:
            return at
        self.executed, self.whole = self._names.executed(_UNNAMED, 0), True
        return at

    def _sync(self) -> None:
        self.whole = True
        if self.syncs_ignored and not self.steps:
            self.syncs_ignored -= 1
        else:
            self.steps += "S"
