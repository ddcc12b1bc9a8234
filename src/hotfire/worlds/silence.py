"""Silence: how a service that cannot be asked is taken to be at rest (DESIGN §6, point 6).

Three times the longest gap between two signs of a step's life (a request, a call of a dependency, its reply, a log
line, the answer), as seen in clean runs. What a step begins later than that after its last sign is not seen.

It is counted by looks: where we look late, cores are scarce, and who would give a sign is late as well.
"""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from hotfire.model.history import History

FACTOR = 3
LEAST = 0.3
"""Seconds: below, a busy machine would be taken for a service at rest."""
FIRST = 1.0
"""Seconds, while the gaps are being learned."""
_LOOK = 0.025  # seconds between two looks at the last sign


@dataclass(slots=True, kw_only=True)
class Hush:
    """How long nothing was heard, as far as that is known; all in the loop's seconds.

    `every`: how far apart two looks should be; of what is more than twice that, the rest does not count. `now` is the
    last look, `heard` the last sign.
    """

    every: float
    now: float
    heard: float
    silent: float = 0.0

    def look(self, now: float, heard: float) -> float:
        """Look once more, with the last sign known by now: the seconds of silence."""
        counts, self.now = min(now - self.now, 2 * self.every), now
        if heard > self.heard:
            self.heard, self.silent = heard, 0.0
            counts = min(counts, max(0.0, now - heard))
        self.silent += counts
        return self.silent


class Silence:
    """What is known of a service's gaps. `learning`: a path is being rehearsed, so that nothing may be missed yet."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.learning = True

    @property
    def seconds(self) -> float:
        """How long nothing must be heard."""
        return max(FIRST if self.learning else LEAST, FACTOR * self.longest)

    def learn(self, history: History) -> None:
        """Take the gaps of an undisturbed run."""
        self.longest = max(self.longest, longest_gap(history))

    async def wait(self, signs: Callable[[], float], deadline: float) -> tuple[str, ...]:
        """Wait for it; what still gave signs of life for `deadline` seconds and the silence after them is named."""
        if await silent(self.seconds, signs, deadline):
            return ()
        return (f"no silence of {self.seconds:.1f} s within {deadline:g} s: the service goes on by itself",)


async def silent(seconds: float, signs: Callable[[], float], deadline: float) -> bool:
    """Wait for so many seconds of silence; False where there still are signs `deadline` seconds from now."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    hush = Hush(every=_LOOK, now=begun, heard=begun)
    while (left := seconds - hush.look(loop.time(), signs())) > 0:
        if hush.heard > begun + deadline:
            return False
        await asyncio.sleep(min(left, _LOOK))
    return True


def longest_gap(history: History) -> float:
    """The longest time, in seconds, between two signs of life of one run."""
    return max((after - before for before, after in itertools.pairwise(_signs(history))), default=0.0)


def last_sign(history: History) -> float:
    """When a run gave its last sign of life, in seconds since the step began: without its start and our waiting."""
    return max(_signs(history), default=0.0)


def _signs(history: History) -> list[float]:
    signs = [
        *(at for reply in history.replies for at in (reply.begun, reply.ended)),
        *(at for exchange in history.exchanges for at in (exchange.call.begun, exchange.ended or 0.0)),
        *(line.at for line in history.logs),
    ]
    return sorted(at for at in signs if at > 0)
