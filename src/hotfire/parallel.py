"""Effects that a step lets happen at the same time, as `asyncio.gather` over two connections does.

Their order is luck, so a crash may leave any down-set of their partial order, not only what one observed order passes
through: of two at once also the second without the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hotfire.model.call import Effect, Exchange, Point
from hotfire.model.history import Baseline

_ALL_SUBSETS = 3
"""So many at once are told apart in every way; of more, one at a time is held back: pairs."""


def settled(effects: Sequence[Effect], exchanges: Sequence[Exchange]) -> tuple[Effect, ...]:
    """The effects of one run in an order that the next run has too: of two at once, luck decides which ends first.

    They come in the order in which they became durable; neighbours that overlap are put in the order of their points.
    """
    order = list(effects)
    for end in range(len(order) - 1, 0, -1):
        for index in range(end):
            one, other = order[index], order[index + 1]
            if other.point < one.point and _at_once(exchanges, one, other):
                order[index], order[index + 1] = other, one
    return tuple(order)


def neighbours(baseline: Baseline, point: Point) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """The effects that are under way together with that at `point`: those before it and those after it in the baseline.

    Empty where there is no effect at the point, or where no undisturbed run shows both at once: what never overlaps on
    two connections is in order.
    """
    effects = baseline.effects
    at = next((index for index, effect in enumerate(effects) if effect.point == point), None)
    if at is None:
        return (), ()
    before = tuple(each for each in effects[:at] if _overlap(baseline, each, effects[at]))
    return before, tuple(each for each in effects[at + 1 :] if _overlap(baseline, each, effects[at]))


def held_back(baseline: Baseline, earlier: Sequence[Effect]) -> Iterator[tuple[Effect, ...]]:
    """Which of these a crash may find undone though a later one is durable.

    With an effect goes all that it precedes, or what is left would be no down-set.
    """
    sizes = range(1, len(earlier) + 1) if len(earlier) < _ALL_SUBSETS else (1,)
    for size in sizes:
        for held in combinations(earlier, size):
            left = [each for each in earlier if each not in held]
            if all(_overlap(baseline, one, each) or one.call > each.call for each in left for one in held):
                yield held


def _overlap(baseline: Baseline, one: Effect, other: Effect) -> bool:
    """Whether an undisturbed run shows both transactions open at once, on two connections or dependencies."""
    for run in baseline.clean:
        pair = [next((each for each in run.effects if each.point == of.point), None) for of in (one, other)]
        if pair[0] and pair[1] and _at_once(run.exchanges, pair[0], pair[1]):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Span:
    """A transaction's connection, and its time from its first call to its durable reply, with the calls between."""

    line: tuple[str, int]
    begun: float
    ended: float
    calls: tuple[Exchange, ...]


def _at_once(exchanges: Sequence[Exchange], one: Effect, other: Effect) -> bool:
    """Whether neither waited for the other.

    Two transactions of one dependency: both are open at a time. A mail that is sent, or a file that is written, while
    a transaction is open comes between its calls, in the order of the code, unless calls of both are under way at once.
    """
    spans = _span(exchanges, one), _span(exchanges, other)
    if spans[0] is None or spans[1] is None or spans[0].line == spans[1].line:
        return False
    overlap = spans[0].begun < spans[1].ended and spans[1].begun < spans[0].ended
    if not overlap or spans[0].line[0] == spans[1].line[0]:
        return overlap
    return any(
        each.call.begun < call.ended and call.call.begun < each.ended
        for each in spans[0].calls
        for call in spans[1].calls
    )


def _span(exchanges: Sequence[Exchange], effect: Effect) -> _Span | None:
    durable = next((each for each in exchanges if _is_of(effect, each)), None)
    if durable is None:
        return None
    begun, calls = durable.call.begun, [durable]
    own = [each for each in exchanges if _line(each) == _line(durable) and each.call.number <= durable.call.number]
    for each in reversed(own):
        if not (each is durable or _prepares(each) or _is_before(each, durable)):
            break
        begun = each.call.begun
        calls.append(each)
    return _Span(_line(durable), begun, durable.ended, tuple(calls))


def _is_of(effect: Effect, exchange: Exchange) -> bool:
    return exchange.call.number == effect.call and exchange.call.point == effect.point


def _line(exchange: Exchange) -> tuple[str, int]:
    return exchange.call.point.dependency, exchange.call.connection


def _is_before(each: Exchange, durable: Exchange) -> bool:
    """Whether it is of the same transaction; the same again is another one's, as is a longer name's beginning."""
    return durable.call.point.signature.startswith(f"{each.call.point.signature}; ")


def _prepares(exchange: Exchange) -> bool:
    return not exchange.call.executes
