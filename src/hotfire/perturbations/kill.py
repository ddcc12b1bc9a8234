"""The process dies (SIGKILL) at a call: before the server sees it, or when it took effect and before the reply.

Effects that are under way at once come in an order of luck. So that what the kill leaves is certain, those that come
after it are held back; and once more with those held back that come before it, since a crash may leave that as well.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from hotfire.model.action import FORWARD, Action, Delay, Signal
from hotfire.model.call import Call, Effect, Exchange, Point
from hotfire.model.history import Baseline
from hotfire.model.perturbation import AtPoint
from hotfire.model.trial import Scalar
from hotfire.parallel import held_back, neighbours

_KILL = Signal(name="SIGKILL", forward=False)
# both longer than two calls that are under way at once are apart
_BACK = Delay(seconds=1.0, aims=False)
_LAST = Delay(seconds=0.1, aims=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill(AtPoint):
    """SIGKILL to the whole process group at a point; the client that has no answer sends the same bytes again.

    `later` and `earlier` are points, as JSON, of effects under way at the same time: their durable calls are held back.
    `last`: those that are not held back are let by first.
    """

    kind: ClassVar[str] = "kill"
    when: Literal["before", "after"] = "after"
    later: str = ""
    earlier: str = ""
    last: bool = False

    def on_call(self, call: Call) -> Action:
        """Die before the call is passed on."""
        if call.point == self.point:
            waits = _LAST if self.last else FORWARD
            return _KILL if self.when == "before" else waits
        return _BACK if call.point in (*_read(self.later), *_read(self.earlier)) else FORWARD

    def on_reply(self, exchange: Exchange) -> Action:
        """Die when the server has done it."""
        return _KILL if self.when == "after" and exchange.call.point == self.point else FORWARD

    def says(self) -> str:
        """In the user's words."""
        without = ", ".join(point.says() for point in _read(self.earlier))
        return f"killed {self.when} {self.point.says()}" + (f" and before {without}" if without else "")

    def variants(self, baseline: Baseline) -> Iterator[dict[str, Scalar]]:
        """This kill where nothing else is under way; else with certain order, and in each other order that may be."""
        before, after = neighbours(baseline, self.point)
        if self.when == "before":
            yield _held(later=(*before, *after))
            return
        yield _held(later=after, last=bool(before))
        for held in held_back(baseline, before):
            yield _held(later=after, earlier=held, last=len(held) < len(before))


def _held(later: Sequence[Effect], earlier: Sequence[Effect] = (), *, last: bool = False) -> dict[str, Scalar]:
    held: dict[str, Scalar] = {"later": _written(later), "earlier": _written(earlier), "last": last}
    return {name: value for name, value in held.items() if value}


def _written(effects: Iterable[Effect]) -> str:
    points = [(effect.point.dependency, effect.point.signature, effect.point.occurrence) for effect in effects]
    return json.dumps(points) if points else ""


def _read(points: str) -> tuple[Point, ...]:
    found = json.loads(points) if points else ()
    return tuple(Point(dependency=name, signature=text, occurrence=number) for name, text, number in found)
