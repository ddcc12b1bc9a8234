"""What is to be fired."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotfire.model.check import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The critical paths by name and the checks to run on them; `dry`: plan only, run no trial.

    `steps` limits the firing to steps of these keys, where there are any.
    """

    run: str
    project: str
    paths: tuple[str, ...]
    checks: Sequence[Check]
    not_asked: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    seed: int = 0
    dry: bool = False
    command: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The adopted lines."""
        return tuple(check.line for check in self.checks)
