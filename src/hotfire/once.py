"""What is found out of a baseline, found out once: each trial of its step asks for it again.

    @once
    def wrongs_of(baseline: Baseline) -> Wrongs: ...

As with `functools.lru_cache`, the function keeps it, and nobody else. Of each world only what was found out of its last
baseline is kept, for a step's trials come one after the other: nothing piles up, and two worlds do not disturb each
other.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from hotfire.model.history import Baseline

_T = TypeVar("_T")


def once(find: Callable[[Baseline], _T]) -> Callable[[Baseline], _T]:
    """The same function, which looks no second time at the same baseline; an equal one is another."""
    kept: dict[str, tuple[Baseline, _T]] = {}

    @wraps(find)
    def found(baseline: Baseline) -> _T:
        known = kept.get(baseline.world)
        if known is None or known[0] is not baseline:
            known = kept[baseline.world] = (baseline, find(baseline))
        return known[1]

    return found
