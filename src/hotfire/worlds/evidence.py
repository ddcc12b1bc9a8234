"""From what the border and the change log saw to effects: each written row is placed in the exchange that wrote it."""

from collections.abc import Iterable, Sequence

from hotfire.model.call import Effect
from hotfire.model.store import Write
from hotfire.worlds.proxy.crossing import Crossing

_SLACK = 2e-6  # seconds: both read the same clock, and a microsecond is cut off; the next call is later than that


def effects(crossings: Sequence[Crossing], writes: Iterable[Write], answered: float) -> tuple[Effect, ...]:
    """The transactions that wrote, in the order in which they became durable.

    `answered` is when the client had its whole answer, in the border's seconds since the step was armed.
    A transaction that no crossing made durable (another client's, or a trigger's own) has no point and is left out.
    """
    transactions: dict[int, list[Write]] = {}
    for write in writes:
        transactions.setdefault(write.transaction, []).append(write)
    found = [_effect(crossings, written, answered) for written in transactions.values()]
    return tuple(sorted((effect for effect in found if effect), key=lambda effect: effect.call))


def _effect(crossings: Sequence[Crossing], written: Sequence[Write], answered: float) -> Effect | None:
    own = [crossing for crossing in crossings if crossing.process_id == written[0].connection]
    first = next((crossing for crossing in own if _wrote(crossing, written[0])), None)
    if first is None:
        return None
    durable = next(
        (crossing for crossing in own if crossing.durable and crossing.call.number >= first.call.number), None
    )
    if durable is None:
        return None
    return Effect(
        point=durable.call.point,
        first_write=first.call.point,
        call=durable.call.number,
        writes=tuple(sorted({f"{write.operation} {write.table}" for write in written})),
        answered=durable.call.begun > answered,
    )


def _wrote(crossing: Crossing, write: Write) -> bool:
    if write.call is not None:
        return crossing.call.number == write.call
    told = crossing.told or float("inf")
    return crossing.sent - _SLACK <= write.instant <= told + _SLACK
