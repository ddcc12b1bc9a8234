"""The faults of a step's dependencies as trials: which one is tried at which of its calls."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotfire.model.call import Point
from hotfire.model.history import Baseline
from hotfire.model.trial import Scalar, Trial
from hotfire.perturbations.erroring import ERRORS, NEVER_FAIL

_POOLS = (1, 2, 5, 10, 20, 50)  # a pool that fills in the background is counted up to one of these
_OPENS = ("BEGIN", "START TRANSACTION")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The faults of one step, for the check of `line`."""

    baseline: Baseline
    line: str

    @property
    def calls(self) -> dict[str, list[Point]]:
        """The calls of one undisturbed run that do anything, by their dependency, in their order.

        One that only opens a transaction does nothing yet: what fails there fails at the call behind it.
        """
        found: dict[str, list[Point]] = {}
        for exchange in self.baseline.clean[-1].exchanges:
            if exchange.call.executes and not exchange.call.text.upper().startswith(_OPENS):
                found.setdefault(exchange.call.point.dependency, []).append(exchange.call.point)
        return found

    def trial(self, kind: str, **arguments: Scalar) -> Trial:
        """A trial of this step."""
        return self.baseline.trial(self.line, kind, **arguments)

    def at_once(self, dependency: str) -> Iterator[Trial]:
        """What is over at once: down, its connections ended, and at each call a reset, or its own error.

        An effect's reset is the line retry's `lost_call`: it is not tried twice.
        """
        yield self.trial("refused", dependency=dependency)
        yield self.trial("dead_pool", dependency=dependency, connections=self._pool(dependency))
        effects = {effect.point for effect in self.baseline.effects}
        code, _ = ERRORS.get(self.baseline.kinds.get(dependency, ""), ("", ""))
        for point in self.calls[dependency]:
            if point not in effects:
                yield self._at("reset", point)
            if code and _may_fail(point):
                yield self._at("erroring", point, code=code)

    def waiting(self, dependency: str) -> Iterator[Trial]:
        """Slow at one call; and no answer to anything."""
        yield self._at("slow", self._slowed(dependency), seconds=self.baseline.step.deadline / 2)
        yield self.trial("stalled", dependency=dependency)

    def stalls(self, dependency: str) -> Iterator[Trial]:
        """No answer to one call: each kind of call once, however often it is made."""
        for point in self.calls[dependency]:
            if point.occurrence == 1 and _may_fail(point):
                yield self._at("stalled", point)

    def _at(self, kind: str, point: Point, **arguments: Scalar) -> Trial:
        where: dict[str, Scalar] = {
            "dependency": point.dependency,
            "signature": point.signature,
            "occurrence": point.occurrence,
        }
        return self.trial(kind, **(where | arguments))

    def _pool(self, dependency: str) -> int:
        """How many dead connections requests may meet: a pool's, and one of each process that had none yet."""
        connections = self.baseline.connections.get(dependency, 1) + self.baseline.processes
        return next((size for size in _POOLS if size >= connections), _POOLS[-1])

    def _slowed(self, dependency: str) -> Point:
        """The last effect, which a client that has given up would not expect; else the first call."""
        effects = [effect.point for effect in self.baseline.effects if effect.point.dependency == dependency]
        return effects[-1] if effects else self.calls[dependency][0]


def _may_fail(point: Point) -> bool:
    """Whether a server may refuse the call."""
    return not point.signature.rsplit("; ", 1)[-1].upper().startswith(NEVER_FAIL)
