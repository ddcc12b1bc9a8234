"""The clock: the one place of ours that asks what time it is. A test sets it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two questions, never mixed: a date to write down, and seconds to measure with."""

    def now(self) -> datetime:
        """The date and time, in UTC."""
        ...

    def seconds(self) -> float:
        """Seconds that only go forward, from no particular moment."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The date and time, in UTC."""
        return datetime.now(tz=UTC)

    def seconds(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()


@dataclass(slots=True, kw_only=True)
class SetClock:
    """A clock that stands still until it is moved, for tests."""

    at: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    passed: float = 0.0

    def now(self) -> datetime:
        """The date and time that it was set to."""
        return self.at

    def seconds(self) -> float:
        """The seconds that it was moved by."""
        return self.passed

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.passed += seconds
