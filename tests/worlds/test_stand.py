"""Who waits for a request that is held: at the dependency where it is held, and at the others."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from hotfire.config import Config, Service
from hotfire.worlds.stand import Stand


@dataclass(eq=False)
class Line:
    """A connection."""

    busy: bool = True


@dataclass
class FakeBorder:
    """The connections of one dependency."""

    sessions: list[Line]
    window: None = None

    def busy(self) -> list[Line]:
        return [each for each in self.sessions if each.busy]


@dataclass
class FakeHolding:
    """Somebody waits for `blocking`, a connection to it."""

    border: FakeBorder
    blocking: Line | None = None
    asked: list[Line] = field(default_factory=list)

    async def waits_for(self, holder: Line) -> bool:
        self.asked.append(holder)
        return holder is self.blocking


def waits(holder: Line, **holdings: FakeHolding) -> bool:
    stand = Stand(Config(service=Service()), cast("Any", None), cast("Any", holdings), project=Path())
    return asyncio.run(stand.waits_for(cast("Any", holder)))


def test_the_held_session_is_asked_about_where_it_is_one() -> None:
    held, other = Line(), Line()
    database = FakeHolding(FakeBorder([held, other]), blocking=held)
    assert waits(held, db=database)
    assert database.asked == [held]
    assert not waits(held, db=FakeHolding(FakeBorder([held, other]), blocking=other))


def test_what_the_held_request_has_locked_elsewhere_is_waited_for_too() -> None:
    held, locking = Line(), Line()
    cache = FakeHolding(FakeBorder([held]))
    assert waits(held, cache=cache, db=FakeHolding(FakeBorder([Line(busy=False), locking]), blocking=locking))
    assert not waits(held, cache=cache, db=FakeHolding(FakeBorder([Line(), Line()])))
