"""A world that rests lets another have its core; one that does not keeps it to the end."""

import asyncio

from hotfire.engine.cores import Paced
from hotfire.model.history import History
from hotfire.model.trial import Trial
from hotfire.model.world import keeps_its_core
from hotfire.testing import FakeWorld
from tests.engine.firing import fine, path


def trial(kind: str = "kill") -> Trial:
    return Trial(path="buy", step="ann POST /orders #1", check="retry", perturbation=kind)


class Restful(FakeWorld):
    """Its trials rest, and come to their end once another world has run one."""

    other_ran: asyncio.Event

    async def run(self, trial: Trial) -> History:
        self.on_rest()
        self.on_rest()  # said twice, the core is given back once
        await self.other_ran.wait()
        return await FakeWorld.run(self, trial)


def world(kind: type[FakeWorld] = FakeWorld) -> FakeWorld:
    return kind(paths={"buy": path("buy")}, play=fine)


def test_a_core_is_given_back_by_a_world_that_rests() -> None:
    async def both() -> int:
        free, resting, other = asyncio.Semaphore(1), world(Restful), world()
        resting.other_ran = asyncio.Event()
        async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
            tasks.create_task(Paced(resting, free).run(trial()))
            await asyncio.sleep(0)
            await Paced(other, free).run(trial())  # never, were the core still taken
            resting.other_ran.set()
        assert resting.on_rest is keeps_its_core
        return free._value

    assert asyncio.run(both()) == 1


def test_a_world_that_does_not_rest_keeps_its_core_to_the_end() -> None:
    async def asked() -> list[str]:
        free, one, other = asyncio.Semaphore(1), world(), world()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(Paced(one, free).survey("buy"))
            tasks.create_task(Paced(other, free).survey("buy"))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return one.asked + other.asked

    assert asyncio.run(asked()) == ["survey buy"]


def test_a_trial_that_is_known_to_wait_takes_no_core() -> None:
    async def ran() -> History:
        async with asyncio.timeout(10):
            return await Paced(world(), asyncio.Semaphore(0)).run(trial("stalled"))

    assert asyncio.run(ran()).trial
