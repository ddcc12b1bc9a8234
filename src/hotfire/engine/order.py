"""What is to be fired."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotfire.model.check import Check, Named
from hotfire.model.waiver import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The critical paths by name and the checks to run on them; `dry`: plan only, run no trial.

    `steps` limits the firing to steps of these keys, where there are any; `whole`: nothing was left out of it by the
    command line. `waivers` and `ignored` are the project's own, `named` the steps that its files name.
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
    waivers: tuple[Waiver, ...] = ()
    ignored: tuple[str, ...] = ()
    whole: bool = False
    named: tuple[Named, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The adopted lines."""
        return tuple(check.line for check in self.checks)
