"""Kill trials against bare requests, in turns; then one world against two, in turns."""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator

from hotfire.model.history import Baseline
from hotfire.model.perturbation import Script
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds.remote import RemoteWorld
from tests.bench.bare import Bare
from tests.bench.figures import Figures, middle
from tests.bench.machine import Times, loop_ms
from tests.bench.pad import Pad

PATH, STEP = "order", "nobody POST /orders #1"
WARM_UP, LEAST_ROUNDS, SECONDS_IN_TURNS = 50, 15, 9.0
SEGMENTS, SECONDS = 3, 1.6


async def measure(pad: Pad, figures: Figures) -> None:
    """The figures of trials and of the border."""
    async with asyncio.TaskGroup() as tasks:
        baselines = [tasks.create_task(_baseline(world)) for world in pad.worlds]
        for service in pad.bare.values():
            tasks.create_task(_warm_up(service))
    trials = [itertools.cycle(kills(baseline.result())) for baseline in baselines]
    await _in_turns(pad, figures, trials[0])
    await _rates(pad, figures, trials)


async def _warm_up(service: Bare) -> None:
    for _ in range(WARM_UP):
        await service.order_ms()


async def _baseline(world: RemoteWorld) -> Baseline:
    survey = await world.survey(PATH)
    baseline = await world.baseline(PATH, STEP)
    if survey.mistake or isinstance(baseline, Mistake):
        raise RuntimeError(f"the benched path failed: {survey.mistake or baseline}")
    if baseline.clean[-1].generation != "warm" or len(baseline.effects) != 4:
        raise RuntimeError(f"not warm, or not four effects: {baseline.clean[-1]}")
    return baseline


def kills(baseline: Baseline) -> Iterator[Trial]:
    """A kill before the first effect, and one after each."""
    for when, effect in [("before", baseline.effects[0]), *(("after", effect) for effect in baseline.effects)]:
        point = effect.point
        arguments = {"dependency": point.dependency, "signature": point.signature, "occurrence": point.occurrence}
        yield Trial(path=PATH, step=STEP, check="retry", perturbation="kill", arguments={**arguments, "when": when})


async def _in_turns(pad: Pad, figures: Figures, trials: Iterator[Trial]) -> None:
    """Two bare requests, one straight and one through the border where they stand, one trial; and again."""
    ours: dict[str, list[float]] = {name: [] for name in ("straight", "bordered") if name in pad.bare}
    spans: dict[str, list[float]] = {name: [] for name in ("pair", *ours, "trial", "loop")}
    end = time.perf_counter() + SECONDS_IN_TURNS
    while time.perf_counter() < end or len(spans["trial"]) < LEAST_ROUNDS:
        spans["loop"].append(loop_ms())
        spans["pair"].append(await pad.bare["bare"].order_ms() + await pad.bare["bare"].order_ms())
        pad.border.arm(Script.of(Undisturbed()), asyncio.get_running_loop().time())
        for name, taken in ours.items():
            before = time.process_time()
            spans[name].append(await pad.bare[name].order_ms())
            await pad.border.rested(5.0)  # it reads what it passed on: its own time, not the client's
            taken.append((time.process_time() - before) * 1000)
        spans["trial"].append(await _trial_ms(pad.worlds[0], next(trials)))
    middles = {name: middle(values) for name, values in spans.items()}
    figures.values["trial_ratio"] = middles["trial"] / middles["pair"]
    figures.details |= {f"{name}_ms": value for name, value in middles.items()}
    if ours:
        figures.values["border_share"] = 1 - middles["straight"] / middles["bordered"]
        figures.details["border_cpu_ms"] = round(middle(ours["bordered"]) - middle(ours["straight"]), 2)
    figures.details["rounds"] = len(spans["trial"])
    figures.details["least_ms"] = {name: round(min(values), 2) for name, values in spans.items()}


async def _trial_ms(world: RemoteWorld, trial: Trial) -> float:
    begun = time.perf_counter()
    history = await world.run(trial)
    taken = time.perf_counter() - begun
    answers = [reply.status for reply in history.replies]
    if answers != [None, 201] or not history.reached:
        raise RuntimeError(f"a trial did not go as trials go: {answers}, reached {history.reached}")
    return taken * 1000


async def _rates(pad: Pad, figures: Figures, trials: list[Iterator[Trial]]) -> None:
    """One world, and all of them at once where there are two; in turns."""
    one, two = [], []
    parts: dict[str, list[float]] = {}
    for _ in range(SEGMENTS):
        before = _parts(pad)
        count, rate = await _rate(pad.worlds[0], trials[0])
        for name, after in _parts(pad).items():
            parts.setdefault(name, []).append((after - before[name]) / count)
        one.append(rate)
        if len(pad.worlds) == 2:
            rates = await asyncio.gather(*map(_rate, pad.worlds, trials))
            two.append(round(sum(rate for _, rate in rates), 2))
    figures.values["trials_per_s"] = middle(one)
    figures.values["trial_cpu_ms"] = middle(list(map(sum, zip(*parts.values(), strict=True))))
    figures.details["cpu_parts_ms"] = {name: middle(values) for name, values in parts.items()}
    figures.details["one_world_per_s"] = one
    if two:
        figures.values["two_worlds_factor"] = middle(two) / middle(one)
        figures.details["two_worlds_per_s"] = two


def _parts(pad: Pad) -> dict[str, float]:
    """Processor time by whose it is, in ms: all that a trial costs, and the bench's own part as the engine's."""
    times, world = Times(), pad.worlds[0].pid
    return {
        "service and zygotes": times.tree(world) - times.own(world),
        "world": times.own(world),
        "database": times.tree(pad.server_pid),
        "engine": times.own(os.getpid()),
    }


async def _rate(world: RemoteWorld, trials: Iterator[Trial]) -> tuple[int, float]:
    """How many trials, and how many a second."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < SECONDS:
        await _trial_ms(world, next(trials))
        count += 1
    return count, round(count / (time.perf_counter() - begun), 2)
