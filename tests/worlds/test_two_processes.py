"""Two processes of a service, from its clean zygote and then from a warm one, in one world: both get their ports."""

import asyncio

from hotfire.cli.project import find_site
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Arrangement, Trial
from hotfire.worlds.launchpad import Launchpad
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.remote import RemoteWorld
from tests.robust.project import PATHS, project

TWICE = f"{PATHS}    author.post('/posts', json={{'title': author.unique('again')}})\n"
FIRST, SECOND = "author POST /posts #1", "author POST /posts #2"


async def at_once(world: RemoteWorld, step: str, generation: str) -> History:
    baseline = await world.baseline("publish", step)
    assert isinstance(baseline, Baseline)
    point = next(each.call.point for each in baseline.clean[-1].exchanges if each.call.executes)
    trial = Trial(
        path="publish",
        step=step,
        check="retry",
        perturbation="at_once",
        arguments={"dependency": "db", "signature": point.signature, "occurrence": point.occurrence},
        arrangement=Arrangement(generation=generation),
    )
    return await world.run(trial)


def test_an_earlier_step_in_a_warm_generation_behind_a_later_one_in_a_clean_one() -> None:
    async def story(nursery: Nursery) -> list[History]:
        pad = await Launchpad.open(find_site(target.folder), 1, nursery, seed=0, say=lambda _: None)
        try:
            (world,) = pad.worlds
            await world.survey("publish")
            return [await at_once(world, SECOND, "clean"), await at_once(world, FIRST, "any")]
        finally:
            await pad.close()

    with project(paths=TWICE) as target, Nursery() as nursery:
        clean, warm = asyncio.run(story(nursery))
    assert (clean.generation, warm.generation) == ("clean", "warm")
    assert not clean.trouble
    assert not warm.trouble
