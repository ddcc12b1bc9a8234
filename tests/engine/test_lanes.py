"""Worlds beside the cores run what waits, a large step is shared: what comes out is always the same."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from hotfire.clock import SetClock
from hotfire.engine import Order, fire
from hotfire.engine.agenda import WORTH
from hotfire.errors import HotfireError, SetupError
from hotfire.model.check import Check, Judged
from hotfire.model.event import Event
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Judgement
from hotfire.model.trial import Trial
from hotfire.model.world import LostWorldError, Mistake
from hotfire.perturbations import kinds
from hotfire.testing import STEP, FakeWorld, trial
from tests.engine.firing import PAY, Fired, FiveHundred, failing_when, fine, mistake, path
from tests.engine.watching import Onlooker


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A perturbation of the test's own, whose trials wait."""

    kind: ClassVar[str] = "snooze"
    waits: ClassVar[bool] = True
    number: int = 0

    def says(self) -> str:
        return f"snoozed {self.number}"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds(), "snooze", Snooze)


@dataclass(slots=True, kw_only=True)
class Snoozing(FiveHundred):
    """Has a step snooze `first` times and, once it has judged that, until it has snoozed `then` times."""

    line: str = "failure"
    first: int = 2
    then: int = 8
    among: list[list[str]] = field(default_factory=list)

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        self.among.append([each.trial.id for each in judged])
        for number in range(self.then if judged else self.first):
            yield trial(baseline, self.line, "snooze", number=number)


class Many(FiveHundred):
    """Plans more busy trials than one world should run alone, with a reference among them."""

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        del judged
        for occurrence in range(1, 2 * WORTH):
            arguments = {"dependency": "db", "signature": "COMMIT", "occurrence": occurrence}
            yield trial(baseline, self.line, "kill", **arguments)
        yield trial(baseline, self.line, "in_sequence")

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        if trial.perturbation == "kill":
            (reference,) = [each.history for each in judged if each.trial.perturbation == "in_sequence"]
            assert reference.world == history.world == baseline.world
        yield from ()


@dataclass(slots=True, kw_only=True)
class Quay:
    """Opens lanes over the same path; `refused`: it has no room."""

    play: object = fine
    lanes: int = 4
    refused: bool = False
    kind: type[FakeWorld] = FakeWorld
    steps: int = 1
    opened: list[FakeWorld] = field(default_factory=list)

    async def open_lane(self) -> FakeWorld:
        if self.refused:
            raise SetupError("no room for another world", hint="close something")
        name = f"lane{len(self.opened)}"
        self.opened.append(self.kind(name=name, paths={"buy": path("buy")[: self.steps]}, play=self.play))  # type: ignore[arg-type]
        return self.opened[-1]

    @property
    def ran(self) -> list[int]:
        return [sum(asked.startswith("run") for asked in each.asked) for each in self.opened]


class Together(FakeWorld):
    """A world in which a trial ends only when one is under way in each of three worlds."""

    met: ClassVar[asyncio.Barrier]

    async def run(self, trial: Trial) -> History:
        await self.met.wait()
        return await FakeWorld.run(self, trial)


def one_step(name: str = "w0", play: object = fine, kind: type[FakeWorld] = FakeWorld, steps: int = 1) -> FakeWorld:
    return kind(name=name, paths={"buy": path("buy")[:steps]}, play=play)  # type: ignore[arg-type]


def fired_over(quay: Quay, *worlds: FakeWorld, checks: Sequence[Check]) -> Fired:
    order = Order(run="r1", project="shop", paths=("buy",), checks=checks)

    async def all_events() -> list[Event]:
        Together.met = asyncio.Barrier(3)
        return [event async for event in fire(order, worlds, SetClock(), quay)]

    return Fired(events=asyncio.run(asyncio.wait_for(all_events(), 10)), worlds=worlds)


def test_as_many_wait_at_once_as_there_are_lanes_and_a_world_of_the_steps_own() -> None:
    quay = Quay(lanes=2, kind=Together)
    run = fired_over(quay, one_step(kind=Together), checks=[Snoozing(first=6, then=6)]).run
    assert run.verdict == "GO"
    assert quay.ran == [2, 2]


def test_a_step_is_done_when_its_waiting_trials_are_and_a_check_is_asked_again_then() -> None:
    check = Snoozing()
    result = fired_over(Quay(), one_step(), checks=[check])
    assert [len(each) for each in check.among] == [0, 2, 8]
    assert result.result.trials == 8


def test_few_that_wait_open_no_lane() -> None:
    quay = Quay()
    assert fired_over(quay, one_step(), checks=[Snoozing(first=1, then=1)]).result.trials == 1
    assert quay.opened == []


def test_no_more_lanes_than_what_waits_needs() -> None:
    quay = Quay(lanes=6)
    fired_over(quay, one_step(), checks=[Snoozing(first=4, then=4)])
    assert len(quay.opened) == 2


@pytest.mark.parametrize("quay", [Quay(lanes=0), Quay(refused=True)], ids=["none", "refused"])
def test_without_a_lane_what_waits_takes_its_turn_after_the_rest(quay: Quay) -> None:
    only = one_step()
    result = fired_over(quay, only, checks=[Snoozing(), FiveHundred()])
    assert (result.result.trials, result.run.verdict) == (10, "GO")
    waiting = {each.id for each in _snoozes()}
    ran = [asked.removeprefix("run ") in waiting for asked in only.asked if asked.startswith("run")]
    assert ran[:2] == [False, False]


def _snoozes() -> list[Trial]:
    return [trial(path("buy")[0], "failure", "snooze", number=number) for number in range(8)]


def test_a_lane_that_is_lost_leaves_its_trial_to_another() -> None:
    def lost(_: Trial) -> History:
        raise LostWorldError("the lane has ended", hint="run again")

    quay = Quay(play=lost)
    result = fired_over(quay, one_step(), checks=[Snoozing()])
    assert quay.opened
    assert (result.result.trials, result.run.verdict) == (8, "GO")


def test_a_lane_in_which_the_step_does_not_play_leaves_it_to_its_own_world() -> None:
    class Elsewhere(FakeWorld):
        async def baseline(self, path: str, step: str) -> Baseline | Mistake:
            await FakeWorld.baseline(self, path, step)
            return mistake(broken=True)

    quay = Quay(kind=Elsewhere)
    assert fired_over(quay, one_step(), checks=[Snoozing()]).result.trials == 8
    assert not any(quay.ran)


class Counting(FakeWorld):
    """A world that tells how many are busy at once."""

    busy: ClassVar[int] = 0
    most: ClassVar[int] = 0

    async def run(self, trial: Trial) -> History:
        snoozes = trial.perturbation == "snooze"
        Counting.busy += not snoozes
        Counting.most = max(Counting.most, Counting.busy)
        for _ in range(5):
            await asyncio.sleep(0)
        Counting.busy -= not snoozes
        return await FakeWorld.run(self, trial)


def test_a_lane_does_whatever_is_to_be_done_but_no_more_worlds_are_busy_than_there_are_cores() -> None:
    quay = Quay(lanes=3, kind=Counting, steps=2)
    result = fired_over(quay, one_step(kind=Counting, steps=2), checks=[Snoozing(first=6, then=6), FiveHundred()])
    assert result.run.verdict == "GO"
    assert any(f"baseline {PAY.key}" in each.asked or f"baseline {STEP.key}" in each.asked for each in quay.opened)
    assert Counting.most == 1


def test_a_lane_that_is_lost_at_a_step_of_its_own_leaves_it_to_another() -> None:
    class Sinking(FakeWorld):
        async def run(self, trial: Trial) -> History:
            if trial.step == STEP.key:
                raise LostWorldError("the lane has ended", hint="run again")
            return await FakeWorld.run(self, trial)

    quay = Quay(kind=Sinking, steps=2)
    result = fired_over(quay, one_step(steps=2), checks=[Snoozing()])
    assert f"baseline {STEP.key}" in [asked for each in quay.opened for asked in each.asked]
    assert (result.result.trials, result.run.verdict) == (16, "GO")


def test_a_fault_of_ours_in_a_lane_ends_the_run() -> None:
    def bug(_: Trial) -> History:
        raise ZeroDivisionError

    with pytest.raises(BaseExceptionGroup):
        fired_over(Quay(play=bug), one_step(), checks=[Snoozing()])


def test_a_lane_that_is_still_being_opened_is_not_waited_for() -> None:
    class Slow(Quay):
        async def open_lane(self) -> FakeWorld:
            await asyncio.Event().wait()
            raise HotfireError("never", hint="never")

    assert fired_over(Slow(), one_step(), checks=[Snoozing()]).result.trials == 8


def test_the_same_trials_verdicts_and_ledgers_whatever_runs_where() -> None:
    def told(worlds: int, lanes: int) -> object:
        broken = failing_when("snooze")
        quay = Quay(lanes=lanes, play=broken)
        checks = [Snoozing(), Many(), logs := Onlooker()]
        result = fired_over(quay, *(one_step(f"w{n}", broken) for n in range(worlds)), checks=checks)
        found = {(each.line, each.fingerprint, each.trial) for each in result.result.findings}
        return result.run.verdict, result.result.ledgers, result.result.cells, found, logs.shown

    first = told(1, 0)
    assert first[0] == "NO-GO"  # type: ignore[index]
    assert all(told(worlds, lanes) == first for worlds in (1, 2, 3) for lanes in (0, 1, 4))


# a large step


def test_a_world_without_work_helps_with_a_large_step_and_runs_its_references_itself() -> None:
    worlds = [one_step(f"w{n}") for n in range(2)]
    result = fired_over(Quay(lanes=0), *worlds, checks=[Many()])
    assert (result.result.trials, result.run.verdict) == (2 * WORTH, "GO")
    assert [each.asked.count(f"baseline {STEP.key}") for each in worlds] == [1, 1]
    runs = Counter(asked for each in worlds for asked in each.asked if asked.startswith("run"))
    reference = trial(path("buy")[0], "retry", "in_sequence").id
    assert [name for name, count in runs.items() if count > 1] == [f"run {reference}"]
    assert all(sum(asked.startswith("run") for asked in each.asked) > WORTH // 2 for each in worlds)


def test_a_helper_in_which_the_step_does_not_play_leaves_it() -> None:
    worlds = [one_step(f"w{n}") for n in range(2)]
    worlds[1].unmeasured = {STEP.key: replace(mistake(broken=False), step=STEP.key)}
    worlds[0].unmeasured = {}
    result = fired_over(Quay(lanes=0), *worlds, checks=[Many()])
    assert (result.result.trials, result.run.verdict) == (2 * WORTH, "GO")
