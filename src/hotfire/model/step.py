"""Critical paths and their steps, as values."""

from dataclasses import dataclass, field
from typing import Literal

Repeat = Literal["once", "each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Each request that a critical path makes, named by its key, never by an ordinal.

    `route` is the template (`/posts/{slug}`), `occurrence` the n-th step of this actor, method and route, `target` the
    URL as it was sent, `line` the line of critical_paths.py that sends it; `peers` are actors of the same role.
    `identified`: the request carried something by which the service may know its actor; `signed_in`: and that is more
    than the session of a passer-by.
    """

    actor: str
    method: str
    route: str
    occurrence: int = 1
    repeat: Repeat = "once"
    deadline: float = 5.0
    target: str = ""
    line: int = 0
    peers: tuple[str, ...] = ()
    identified: bool = False
    signed_in: bool = False

    @property
    def key(self) -> str:
        """`author POST /api/posts #1`."""
        return f"{self.actor} {self.method} {self.route} #{self.occurrence}"

    @property
    def safe(self) -> bool:
        """Whether the method is safe in the sense of RFC 9110 section 9.2.1: the client asked for no change."""
        return self.method in {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalPath:
    """What a person declared, without the function itself. `degraded` maps a dependency to the status allowed."""

    name: str
    owner: str
    expected: str
    rollback: str
    actors: tuple[str, ...]
    deadline: float = 5.0
    degraded: dict[str, int] = field(default_factory=dict)
    probe: bool = False
    file: str = ""
    line: int = 0
