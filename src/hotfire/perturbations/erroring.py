"""A call is answered with an error of the dependency's own, such as a server gives to any call when it is in trouble.

The error is the server's true one: where a session has a state (a transaction), the server itself raises it, so that
server and driver agree. Which error that is depends on the kind of the dependency (`ERRORS`).
"""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.action import FORWARD, Action, Answer
from hotfire.model.call import Call
from hotfire.model.perturbation import AtPoint, Fault

ERRORS = {
    "postgres": ("57014", "canceling statement due to statement timeout"),  # query_canceled: any statement, COMMIT too
    "sqlite": ("SQLITE_BUSY", "database is locked"),
    "files": ("ENOSPC", "No space left on device"),  # to any call, where a removal writes too
    "redis": ("LOADING", "Redis is loading the dataset in memory"),  # after each restart, to any command
    "http": ("503", "Service Unavailable"),
    "smtp": ("451", "Requested action aborted: local error in processing"),  # RFC 5321 section 4.2.3
}
"""Kind of dependency → the code and the text of an error that it may give to any call."""

NEVER_FAIL = ("ROLLBACK", "ABORT")
"""What no server refuses: it undoes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erroring(AtPoint, Fault):
    """One call fails in the server; `code` is one of `ERRORS`."""

    kind: ClassVar[str] = "erroring"
    code: str

    def on_call(self, call: Call) -> Action:
        """Answer with the error, in place of what is asked."""
        return Answer(code=self.code, message=_TEXTS.get(self.code, "")) if call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: error {self.code} at {self.point.says()}"


_TEXTS = dict(ERRORS.values())
