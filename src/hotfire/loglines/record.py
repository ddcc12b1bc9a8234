"""One record of a log: a line, or a line with the traceback behind it."""

import re
from dataclasses import dataclass

ERROR_LEVELS = frozenset({"ERROR", "CRITICAL"})

_BEGINNING = 1000  # characters
_VARYING = re.compile(r"\b0x[0-9a-f]+\b|\b(?=[\w-]*\d)[0-9a-f]{8}[0-9a-f-]*\b|\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A line of an access log: the request and the status of its answer (None where the server wrote none)."""

    method: str
    target: str
    status: int | None

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.split("?", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A traceback. `exception` is its last line; `parts` are the exception and innermost frame of each in its chain.

    Two tracebacks with a part in common tell of the same failure: it was caught, logged, and raised on.
    """

    exception: str
    parts: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one call of a logger wrote. `text` is all of it, `headline` what stands above the traceback.

    `level` is WARNING, ERROR, …; empty where the line tells none (a print, Python's handler of last resort).
    """

    process: str
    at: float
    text: str
    headline: str
    level: str = ""
    access: Access | None = None
    failure: Failure | None = None
    request_id: str = ""

    @property
    def is_error(self) -> bool:
        """Whether somebody who looks for errors finds it: logged as one, or with a traceback."""
        return self.level in ERROR_LEVELS or self.failure is not None


def template(text: str) -> str:
    """The beginning of a text, without what differs between requests: numbers, and long hexadecimal names."""
    return _VARYING.sub("#", text[:_BEGINNING])
