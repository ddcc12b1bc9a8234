"""All that a border can be told: a closed union. Worlds know Actions, never a perturbation's name."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """Pass it on as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Swallow it: the other side waits for ever (a stall)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keep it until the driver releases it: the order of two requests, or a client that goes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Cut the connection with a TCP reset, before passing anything on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer with an error of the dependency's own kind: `code` is its code (a SQLSTATE for Postgres)."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Pass it on after `seconds`. `aims`: this is what the trial is about, and not what makes its order certain."""

    seconds: float
    aims: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Signal the service's process group; `forward` says whether the message still passes."""

    name: Literal["SIGKILL", "SIGTERM"]
    forward: bool


Action = Forward | Drop | Hold | Reset | Answer | Delay | Signal

FORWARD = Forward()
