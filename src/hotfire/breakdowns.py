"""What broke behind an answer: the exception that the service logged, and whose code it came from."""

from dataclasses import dataclass

from hotfire.loglines import records_of
from hotfire.loglines.frames import Frame, own_frames
from hotfire.loglines.tracebacks import failure_of
from hotfire.model.history import History, Reply

TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One failure. `exception` is its last line, "" where nobody told it; `frames` are the service's own.

    Two requests with the same exception's kind and the same frames failed at the same line: they have one cause.
    """

    exception: str = ""
    frames: tuple[Frame, ...] = ()

    @property
    def told(self) -> bool:
        """Whether there is a traceback."""
        return bool(self.exception)

    @property
    def by_library(self) -> bool:
        """Whether no line of the service's own source was at work: a framework failed by itself."""
        return self.told and not self.frames

    @property
    def kind(self) -> str:
        """The exception's class, without its module: `DataError`."""
        return self.exception.split(":", 1)[0].rsplit(".", 1)[-1].strip()

    @property
    def place(self) -> str:
        """The innermost function of the service's own, and the exception: `orders.create DataError`."""
        return f"{self.frames[-1].place} {self.kind}" if self.frames else self.kind


def breakdown_of(history: History, reply: Reply) -> Breakdown:
    """The failure behind an answer: as the log tells it, else as the answer shows it."""
    failures = [record for record in records_of(history.logs) if record.failure and record.failure.exception]
    for record in reversed(failures):
        return Breakdown(exception=record.failure.exception if record.failure else "", frames=own_frames(record.text))
    if TRACEBACK in reply.body:
        exception = failure_of(reply.body.splitlines()).exception or "an exception"
        return Breakdown(exception=exception, frames=own_frames(reply.body))
    return Breakdown()
