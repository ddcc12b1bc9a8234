"""Which statement a name stands for: prepared statements, by message or by PREPARE, and portals of one connection.

Without it an Execute says nothing: drivers prepare once and execute ever after by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from hotfire.wire.sql import Statement, read

_LONGEST_CACHED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The statements that one name or one text stands for, with what every execution asks of them.

    `text` is theirs, joined by "; ". `named`: one has a verb; `turning`: one has a turn; `committing`: which commits.
    """

    statements: tuple[Statement, ...]
    text: str
    named: bool
    turning: bool
    committing: bool

    @classmethod
    def of(cls, *statements: Statement) -> Self:
        """These statements."""
        return cls(
            statements=statements,
            text="; ".join([statement.text for statement in statements]),
            named=any(statement.verb for statement in statements),
            turning=any(statement.turn for statement in statements),
            committing=any(statement.turn.startswith("commit") for statement in statements),
        )


_UNKNOWN = Script.of(Statement(text="?"))
# Pools ask an empty statement to see whether the server is there; it is a call like any other.
_EMPTY = Script.of(Statement(text="(empty)"))


class Names:
    """The names that a client has given; bodies are read at `at`, behind a message's length."""

    def __init__(self) -> None:
        self._statements: dict[bytes, Script] = {}
        self._portals: dict[bytes, Script] = {}

    def prepare(self, buffer: bytes, at: int) -> Script:
        """A Parse: the statement that is prepared."""
        end = buffer.index(0, at)
        prepared = self._statements[buffer[at:end]] = script(buffer[end + 1 : buffer.index(0, end + 1)])
        return prepared

    def bind(self, buffer: bytes, at: int) -> Script:
        """A Bind: the statement that the portal stands for."""
        end = buffer.index(0, at)
        statement = buffer[end + 1 : buffer.index(0, end + 1)]
        bound = self._portals[buffer[at:end]] = self._statements.get(statement, _UNKNOWN)
        return bound

    def described(self, buffer: bytes, at: int) -> Script:
        """A Describe: the statement or the portal's statement."""
        return self._map(buffer, at).get(word(buffer, at + 1)[0], _UNKNOWN)

    def close(self, buffer: bytes, at: int) -> None:
        """A Close, of a statement or a portal."""
        self._map(buffer, at).pop(word(buffer, at + 1)[0], None)

    def executed(self, buffer: bytes, at: int) -> Script:
        """An Execute: the portal's statement."""
        return self._portals.get(buffer[at : buffer.index(0, at)], _UNKNOWN)

    def resolved(self, executed: Script) -> Script:
        """The statements as they are executed: PREPARE's, DEALLOCATE's and EXECUTE's names followed."""
        return Script.of(*self._followed(executed.statements)) if executed.named else executed

    def end_transaction(self) -> None:
        """No portal lives longer than its transaction."""
        self._portals.clear()

    def _map(self, buffer: bytes, at: int) -> dict[bytes, Script]:
        return self._portals if buffer[at : at + 1] == b"P" else self._statements

    def _followed(self, executed: Iterable[Statement]) -> Iterable[Statement]:
        for statement in executed:
            name = statement.name.encode()
            match statement.verb:
                case "execute":
                    known = self._statements.get(name)
                    yield from known.statements if known else (statement,)
                    continue
                case "prepare":
                    self._statements[name] = Script.of(Statement(text=statement.text.partition(" AS ")[2]))
                case "deallocate" if name:
                    self._statements.pop(name, None)
                case "deallocate":
                    self._statements.clear()
                case "":
                    pass
            yield statement


def script(sql: bytes) -> Script:
    """The statements of `sql`, at least one. Cached unless very long."""
    return _script_cached(sql) if len(sql) <= _LONGEST_CACHED else _script(sql)


def _script(sql: bytes) -> Script:
    statements = read(sql)
    return Script.of(*statements) if statements else _EMPTY


_script_cached = lru_cache(maxsize=4096)(_script)


def word(buffer: bytes, at: int) -> tuple[bytes, int]:
    """The text at `at` up to its zero byte, and where the next field begins."""
    end = buffer.index(0, at)
    return buffer[at:end], end + 1
