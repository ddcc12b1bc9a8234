"""Which statement a name stands for: prepared statements, by message or by PREPARE, and portals of one connection.

Without it an Execute says nothing: drivers prepare once and execute ever after by name.
"""

from collections.abc import Iterable

from hotfire.wire.sql import Statement, read

Statements = tuple[Statement, ...]

_UNKNOWN = (Statement(text="?"),)
# Pools ask an empty statement to see whether the server is there; it is a call like any other.
_EMPTY = (Statement(text="(empty)"),)


class Names:
    """The names that a client has given; bodies are read at `at`, behind a message's length."""

    def __init__(self) -> None:
        self._statements: dict[bytes, Statements] = {}
        self._portals: dict[bytes, Statements] = {}

    def prepare(self, buffer: bytes, at: int) -> Statements:
        """A Parse: the statement that is prepared."""
        name, at = word(buffer, at)
        prepared = self._statements[name] = statements(word(buffer, at)[0])
        return prepared

    def bind(self, buffer: bytes, at: int) -> Statements:
        """A Bind: the statement that the portal stands for."""
        portal, at = word(buffer, at)
        bound = self._portals[portal] = self._statements.get(word(buffer, at)[0], _UNKNOWN)
        return bound

    def described(self, buffer: bytes, at: int) -> Statements:
        """A Describe: the statement or the portal's statement."""
        return self._map(buffer, at).get(word(buffer, at + 1)[0], _UNKNOWN)

    def close(self, buffer: bytes, at: int) -> None:
        """A Close, of a statement or a portal."""
        self._map(buffer, at).pop(word(buffer, at + 1)[0], None)

    def executed(self, buffer: bytes, at: int) -> Statements:
        """An Execute: the portal's statement."""
        return self._portals.get(word(buffer, at)[0], _UNKNOWN)

    def resolved(self, executed: Statements) -> Statements:
        """The statements as they are executed: PREPARE's, DEALLOCATE's and EXECUTE's names followed."""
        if not any(statement.verb for statement in executed):
            return executed
        return tuple(self._followed(executed))

    def end_transaction(self) -> None:
        """No portal lives longer than its transaction."""
        self._portals.clear()

    def _map(self, buffer: bytes, at: int) -> dict[bytes, Statements]:
        return self._portals if buffer[at : at + 1] == b"P" else self._statements

    def _followed(self, executed: Statements) -> Iterable[Statement]:
        for statement in executed:
            name = statement.name.encode()
            match statement.verb:
                case "execute":
                    yield from self._statements.get(name, (statement,))
                    continue
                case "prepare":
                    self._statements[name] = (Statement(text=statement.text.partition(" AS ")[2]),)
                case "deallocate" if name:
                    self._statements.pop(name, None)
                case "deallocate":
                    self._statements.clear()
                case "":
                    pass
            yield statement


def statements(sql: bytes) -> Statements:
    """The statements of `sql`, at least one."""
    return read(sql) or _EMPTY


def word(buffer: bytes, at: int) -> tuple[bytes, int]:
    """The text at `at` up to its zero byte, and where the next field begins."""
    end = buffer.index(b"\0", at)
    return buffer[at:end], end + 1
