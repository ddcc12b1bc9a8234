"""Lanes on a real server: a world more, opened for what waits, which leaves nothing behind."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from hotfire.cli.check import Wanted, order_of
from hotfire.cli.project import find_site
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.errors import SetupError
from hotfire.model.check import Judged
from hotfire.model.event import RunEnded, TrialEnded
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Judgement
from hotfire.model.run import Run
from hotfire.model.trial import Trial
from hotfire.worlds import launchpad
from hotfire.worlds.launchpad import Launchpad
from hotfire.worlds.marks import RunDirectory, started
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.remote import RemoteWorld
from tests.robust.project import PATHS, project

HASTY = PATHS.replace("@critical_path(", "@critical_path(deadline=1.0, ")
STEP = "author POST /posts #1"


class Stalls:
    """Stalls the database as a whole, and each call that executes something; keeps what clients saw."""

    line: ClassVar[str] = "stalls"

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        del judged
        points = [exchange.call.point for exchange in baseline.clean[-1].exchanges if exchange.call.executes]
        for signature, occurrence in [("", 1), *((point.signature, point.occurrence) for point in points)]:
            where = {"dependency": "db", "signature": signature, "occurrence": occurrence}
            yield Trial(
                path=baseline.path.name,
                step=baseline.step.key,
                check=self.line,
                perturbation="stalled",
                arguments=where,
            )

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        del trial, judged
        assert history.world == baseline.world
        yield from ()

    def conclude(self, *_: object) -> tuple[Judgement, ...]:
        return ()


@dataclass(slots=True, kw_only=True)
class Berths:
    """The launch pad's, whose first world waits with its trials until a lane runs one."""

    pad: Launchpad
    lanes: int = 1
    opened: list[RemoteWorld] = field(default_factory=list)
    at_work: asyncio.Event = field(default_factory=asyncio.Event)

    async def open_lane(self) -> RemoteWorld:
        lane = await self.pad.open_lane()
        self.opened.append(lane)
        self._before_a_run(lane, wait=False)
        return lane

    def hold(self) -> None:
        self._before_a_run(self.pad.worlds[0], wait=True)

    def _before_a_run(self, world: RemoteWorld, *, wait: bool) -> None:
        run = world.run

        async def running(trial: Trial) -> History:
            if wait:
                await self.at_work.wait()
            self.at_work.set()
            return await run(trial)

        world.run = running  # type: ignore[method-assign]  # for the length of a test


def test_what_waits_runs_beside_in_a_world_of_its_own_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fired(nursery: Nursery) -> tuple[list[Judged], Run, RunDirectory, list[int]]:
        pad = await Launchpad.open(find_site(target.folder), 1, nursery, seed=0, say=lambda _: None)
        try:
            order = replace(order_of(pad.site, Wanted(steps=(STEP,))), checks=[Stalls()])
            berths = Berths(pad=pad)
            berths.hold()
            events = [event async for event in fire(order, pad.worlds, SystemClock(), berths)]
            pids = [world.pid for world in berths.opened]
        finally:
            await pad.close()
        assert isinstance(events[-1], RunEnded)
        return [event.judged for event in events if isinstance(event, TrialEnded)], events[-1].run, pad.run, pids

    with project(paths=HASTY) as target:
        monkeypatch.setenv("TMPDIR", str(target.room))
        with Nursery() as nursery:
            judged, run, directory, pids = asyncio.run(fired(nursery))
    assert run.verdict == "GO"
    assert {each.history.world for each in judged} == {"w0", "l0"}
    assert all(each.history.reached and each.history.replies[0].status is None for each in judged)
    assert {each.history.replies[-1].status for each in judged} == {201}
    assert not directory.path.exists()
    assert [started(pid) for pid in pids] == [None]


def test_a_lane_that_nobody_waits_for_any_more_is_opened_before_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given up half-way, it would leave its databases on a server that is not ours."""
    done: list[str] = []

    async def given_up(nursery: Nursery) -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def open_slowly(world: RemoteWorld, opening: object) -> None:
            del opening
            begun.set()
            await go_on.wait()
            done.append(f"{world.name} opened")

        async def close(world: RemoteWorld) -> None:
            done.append(f"{world.name} closed")

        async def launch(_: RemoteWorld) -> None: ...

        monkeypatch.setattr(RemoteWorld, "launch", launch)
        monkeypatch.setattr(RemoteWorld, "open", open_slowly)
        monkeypatch.setattr(RemoteWorld, "close", close)
        monkeypatch.setattr(RunDirectory, "mark_process", lambda *_: None)
        pad = Launchpad(find_site(target.folder), RunDirectory.open(), nursery, lambda _: None, seed=0)
        async with asyncio.TaskGroup() as tasks:
            opening = tasks.create_task(pad.open_lane())
            await begun.wait()
            opening.cancel()
            await asyncio.wait([opening])
            tasks.create_task(pad.close())
            await asyncio.sleep(0)
            go_on.set()

    with project() as target, Nursery() as nursery:
        asyncio.run(given_up(nursery))
    assert done == ["l0 opened", "l0 closed"]


def test_without_memory_no_lane_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launchpad, "LEAST_MEMORY", 1 << 60)
    with project() as target, Nursery() as nursery:
        run = RunDirectory.open()
        pad = Launchpad(find_site(target.folder), run, nursery, lambda _: None, seed=0)
        with pytest.raises(SetupError, match="no memory is left"):
            asyncio.run(pad.open_lane())
        run.close()
