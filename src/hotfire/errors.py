"""Our own failures, never the service's: a finding is a value, an exception is our failure.

    HotfireError            a fault of ours                          exit code 3
    ├── UsageError          a command or a file that the user wrote   exit code 4
    └── SetupError          a service, server or right that is absent exit code 4

Every error says what is wrong and, as its hint, what to write or do next.
"""


class HotfireError(Exception):
    """Something that hotfire could not do; `hint` says what to do next."""

    exit_code = 3

    def __init__(self, problem: str, *, hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.problem}\n\nhint: {self.hint}"


class UsageError(HotfireError):
    """The user wrote something that cannot be meant: names the file, line or field, and what to write instead."""

    exit_code = 4


class SetupError(HotfireError):
    """Something that a run needs is not there: a server, a right, a service that starts."""

    exit_code = 4
