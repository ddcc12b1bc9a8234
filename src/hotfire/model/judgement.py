"""What a check says: findings and unknowns; and what they come to: the verdict."""

import hashlib
from dataclasses import dataclass
from typing import Literal

Severity = Literal["blocker", "note"]
Verdict = Literal["GO", "UNKNOWN", "NO-GO"]

_WHOLE = frozenset({"rollback"})
"""Lines that judge a critical path as a whole, from its first step: paths that begin alike have causes of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A pointer into a stored history: which trial, and where in it ("replies[1]", "state[3]", "exchanges[7]")."""

    trial: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A bug of the service. One cause, one finding: the fingerprint never names the point.

    `title` says the difference in the user's terms, `points` each way in which it was reached, `category` the class.
    `columns` are the tables and columns in which the difference shows ("notifications", "posts.status"), sorted.
    """

    line: str
    severity: Severity
    path: str
    step: str
    category: str
    title: str
    points: tuple[str, ...]
    fix: str
    columns: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    trial: str

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits of (line, step key, class, tables and columns); a note is the route's, whoever asks.

        What is of a critical path as a whole has the path's name besides.
        """
        step = self.step.split(" ", 1)[-1] if self.severity == "note" else self.step
        whole = (self.path,) if self.whole else ()
        text = repr((self.line, self.severity, step, self.category, self.columns, *whole))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def whole(self) -> bool:
        """Whether it is of the critical path as a whole: another that begins with the same step has its own."""
        return self.line in _WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What could not be judged: what is missing, and what to write or do (`fix`); `ours`: by a fault of hotfire."""

    line: str
    path: str
    step: str
    missing: str
    fix: str
    trial: str = ""
    ours: bool = False

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits of (line, critical path, step key): what was not judged, whatever it lacked."""
        text = repr((self.line, "unknown", self.path, self.step))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A pass with a note ("the retry was answered 409; the state is right"). `rest`: play the rest to be sure."""

    text: str
    rest: bool = False


Judgement = Finding | Unknown | Remark
