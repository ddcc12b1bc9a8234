"""What the hook in front of SQLite says: statements, and the transactions that they make.

A transaction's statements make its signature, as in `wire/postgres`; it is durable when the library says that it is no
longer in one (or has begun the next), that rows were changed since it began, and that the last word was no ROLLBACK.
"""

from hotfire.wire.hook import Asked, Call, Done, Outcome
from hotfire.wire.postgres.names import script
from hotfire.wire.postgres.transaction import Transaction


class Dialogue:
    """One connection to a file, as its transactions go."""

    def __init__(self) -> None:
        self._said = Transaction()
        self._turn = ""
        self._changed = False
        self.open = False
        """Whether a transaction is open in which something was said; Python may begin one that nobody uses."""

    def call(self, call: Call) -> Asked:
        """A statement begins: named by itself, and by all since the transaction began."""
        if not call.open:
            self._forget()
        said = script(call.text.encode())
        signature, _ = self._said.execute(said)
        self._turn = next((each.turn for each in reversed(said.statements) if each.turn), "")
        return Asked(text=said.text, signature=signature)

    def done(self, done: Done) -> Outcome:
        """It has ended; what it may write is told by SQLite's authorizer."""
        ended = not done.open or (done.outcome == "ok" and self._turn in {"commit", "rollback"})
        wrote = done.writes if done.outcome == "ok" else ()
        self._changed |= bool(wrote)
        stands = ended and done.outcome == "ok" and self._turn != "rollback"
        durable = stands and self._changed
        if ended:
            self._forget()
        self.open = done.open and bool(self._said.said)
        return Outcome(outcome=done.outcome, detail=done.detail, wrote=wrote, durable=durable)

    def _forget(self) -> None:
        self._changed = False
        self._said.correct("I")
