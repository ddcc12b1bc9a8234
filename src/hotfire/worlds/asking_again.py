"""Who waits for a lock by asking for it again and again: no server tells that anybody waits, for each try is answered.

redis-py's Lock sends SET with NX ten times a second; pg_try_advisory_lock in a loop, or a row that says "in progress",
is no other. While one request is held, another that does so waits for it, as one that a row lock stops does.
"""

from collections.abc import Sequence

from hotfire.worlds.proxy.crossing import Crossing

TRIES = 4
PAUSE = 0.02  # seconds: a loop that does work asks faster
_LONGEST = 3  # calls that one try is made of


def asks_again(crossings: Sequence[Crossing]) -> bool:
    """Whether the last calls are the same few, tried several times with a pause between the tries."""
    asked = [crossing for crossing in crossings if crossing.call.executes]
    return any(_repeats(asked[-length * TRIES :], length) for length in range(1, _LONGEST + 1))


def _repeats(tail: Sequence[Crossing], length: int) -> bool:
    if len(tail) < length * TRIES or not all(crossing.told for crossing in tail):
        return False
    first, rest = tail[:-length], tail[length:]
    return all(_place(one) == _place(other) for one, other in zip(first, rest, strict=True)) and all(
        one.call.begun + PAUSE <= other.call.begun for one, other in zip(first, rest, strict=True)
    )


def _place(crossing: Crossing) -> tuple[str, str]:
    return crossing.call.point.dependency, crossing.call.text  # a signature grows with each try of one transaction
