"""What changed in all stores, and the effects that it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotfire.model.call import Effect
from hotfire.model.history import RowChange
from hotfire.model.store import Write
from hotfire.parallel import settled
from hotfire.worlds import evidence
from hotfire.worlds.proxy.border import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed in all stores since a checkpoint; `writes` by the name of the dependency.

    `trouble`: rows changed where no border has seen who did it, so that nobody could be stopped at it, or a store's own
    failure. `unplaced`: a change that no write stands for.
    """

    rows: tuple[RowChange, ...]
    writes: Mapping[str, Sequence[Write]]
    trouble: str = ""
    unplaced: str = ""

    def effects(self, window: Window, answered: float) -> tuple[Effect, ...]:
        """The effects of a window, over all its borders, in the order in which they became durable.

        Of those under way at once luck decides which ends first: they come in an order that the next run has too.
        """
        found: list[Effect] = []
        for name, writes in self.writes.items():
            crossings = [crossing for crossing in window.crossings if crossing.call.point.dependency == name]
            found += evidence.effects(crossings, [*writes, *window.writes.get(name, ())], answered)
        found.sort(key=lambda effect: effect.call)
        return (
            settled(found, [crossing.exchange() for crossing in window.crossings]) if len(found) > 1 else tuple(found)
        )
