"""A project of the bench, fired by a whole check on two worlds: what took how long, from first trial to verdict.

Where others use the machine, too, the processor time says more than the seconds: two cores that nobody else uses need
half of it, or as long as the waits.
"""

import os
import time
from collections import Counter, defaultdict
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from hotfire.cli.check import Wanted, order_of
from hotfire.cli.project import find_site
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.model.event import Event, FindingConfirmed, RunEnded, StepMeasured, TrialEnded, TrialsPlanned, UnknownMet
from hotfire.perturbations import waits
from hotfire.worlds.launchpad import Launchpad
from hotfire.worlds.nursery import Nursery
from tests.bench.figures import middle
from tests.bench.machine import Times, load

WORLDS = 2


@dataclass(slots=True, kw_only=True)
class Spent:
    """The seconds that trials took, each by itself; of those that `wait` a core is not needed."""

    busy: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)

    def says(self) -> dict[str, float]:
        """How many there were, the middle one, and all of them together."""
        told: dict[str, float] = {}
        for name, seconds in (("busy", self.busy), ("waiting", self.waiting)):
            if seconds:
                told |= {f"{name} trials": len(seconds), f"{name} ms of one": round(1000 * middle(seconds), 1)}
                told |= {f"{name} s of all": round(sum(seconds), 1)}
        return told


@dataclass(slots=True, kw_only=True)
class Record:
    """What the run told, by the second in which it did."""

    opened: float = 0.0
    first: float = 0.0
    last: float = 0.0
    calls: dict[str, int] = field(default_factory=dict)
    executed: dict[str, int] = field(default_factory=dict)
    verdict: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    judged: list[str] = field(default_factory=list)
    by_line: defaultdict[str, Spent] = field(default_factory=lambda: defaultdict(Spent))
    by_kind: defaultdict[str, Spent] = field(default_factory=lambda: defaultdict(Spent))
    by_world: Counter[str] = field(default_factory=Counter)
    processor: list[dict[str, float]] = field(default_factory=list)

    def on(self, event: Event, pad: Launchpad) -> None:
        """Keep what the event brings."""
        now = time.monotonic()
        match event:
            case StepMeasured(baseline=baseline):
                exchanges = baseline.clean[-1].exchanges
                self.calls[baseline.step.key] = len(exchanges)
                self.executed[baseline.step.key] = sum(each.call.executes for each in exchanges)
            case TrialsPlanned() if not self.first:
                self.first = now
                self.processor.append(_processor_s(pad))
            case TrialEnded(judged=judged):
                trial, history = judged.trial, judged.history
                for spent in (self.by_line[trial.check], self.by_kind[f"{trial.check} {trial.perturbation}"]):
                    (spent.waiting if waits(trial) else spent.busy).append(history.seconds)
                self.by_world[history.world] += 1
            case FindingConfirmed(finding=finding):
                said = f"{finding.severity} {finding.line} {finding.category}: {finding.title} [{finding.step}]"
                self.judged.append(f"{said} {finding.trial}")
            case UnknownMet(unknown=unknown):
                self.judged.append(f"unknown {unknown.line}: {unknown.missing} [{unknown.step}] {unknown.trial}")
            case RunEnded(run=run):
                self.last, self.verdict = now, run.verdict or ""
                self.cells = {line: cell for path in run.paths for line, cell in path.cells.items()}
                self.processor.append(_processor_s(pad))
            case _:
                pass

    def values(self) -> dict[str, float]:
        """The figures: `waiting_s` is what trials took that need no core, were they run one by one."""
        spent = self.by_line.values()
        return {
            "seconds": self.last - self.first,
            "processor_s": sum(self.meanwhile().values()),
            "waiting_s": sum(sum(each.waiting) for each in spent),
            "trials": float(sum(len(each.busy) + len(each.waiting) for each in spent)),
            "calls": float(sum(self.calls.values())),
            "executed": float(sum(self.executed.values())),
            "go": float(self.verdict == "GO"),
        }

    def meanwhile(self) -> dict[str, float]:
        """Processor time from the first trial to the verdict, in seconds, by whose it is."""
        before, after = self.processor
        return {name: round(after[name] - before[name], 1) for name in after}

    def details(self) -> dict[str, object]:
        """All that is told beside the figures."""
        return {
            "verdict": self.verdict,
            "cells": self.cells,
            "said": self.judged,
            "executed calls of a step": self.executed,
            "by line": {line: spent.says() for line, spent in sorted(self.by_line.items())},
            "by perturbation": {kind: spent.says() for kind, spent in sorted(self.by_kind.items())},
            "processor s": self.meanwhile(),
            "trials by world": dict(self.by_world),
            "seconds to open": round(self.opened, 1),
            "load": load(),
        }


def _processor_s(pad: Launchpad) -> dict[str, float]:
    """Processor time of all that we have started, in seconds, by whose it is."""
    times, ours = Times(), os.getpid()
    pids = [world.pid for world in (*pad.worlds, *pad._lanes)]
    worlds = sum(map(times.own, pids))
    services = sum(map(times.tree, pids)) - worlds
    engine, everything = times.own(ours), times.tree(ours)
    parts = {"worlds": worlds, "services and zygotes": services, "engine": engine}
    return {name: ms / 1000 for name, ms in (*parts.items(), ("servers", everything - sum(parts.values())))}


async def fired(nursery: Nursery, project: Path, lines: tuple[str, ...] = ()) -> Record:
    """Fire the project with these lines, or with those that it has adopted."""
    record = Record()
    begun = time.monotonic()
    site = find_site(project)
    pad = await Launchpad.open(site, WORLDS, nursery, seed=0, say=lambda _: None)
    record.opened = time.monotonic() - begun
    try:
        order = order_of(site, Wanted(lines=lines))
        async with aclosing(fire(order, pad.worlds, SystemClock(), pad)) as events:
            async for event in events:
                record.on(event, pad)
    finally:
        await pad.close()
    return record
