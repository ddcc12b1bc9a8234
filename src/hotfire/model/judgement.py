"""What a check says: findings and unknowns; and what they come to: the verdict."""

import hashlib
from dataclasses import dataclass
from typing import Literal

Severity = Literal["blocker", "note"]
Verdict = Literal["GO", "UNKNOWN", "NO-GO"]


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
        """Twelve hex digits of (line, step key, class, tables and columns); a note is the route's, whoever asks."""
        step = self.step.split(" ", 1)[-1] if self.severity == "note" else self.step
        text = repr((self.line, self.severity, step, self.category, self.columns))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


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
