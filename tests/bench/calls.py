"""./dev bench --calls: a step of some forty calls over three dependencies, fired with all of `retry` and `failure`.

The goal: at most sixty seconds on two cores from the first trial to the verdict, stalls included. Where others use the
machine, too, the processor time says more: two cores that nobody else uses need half of it, or as long as the waits.
"""

import os
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from hotfire.checks import lines
from hotfire.cli.check import Wanted, order_of
from hotfire.cli.project import find_site
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.model.event import Event, FindingConfirmed, RunEnded, StepMeasured, TrialEnded, TrialsPlanned, UnknownMet
from hotfire.perturbations import waits
from hotfire.worlds.launchpad import Launchpad
from hotfire.worlds.nursery import Nursery
from tests.bench.benched import HERE
from tests.bench.figures import Figures, middle
from tests.bench.machine import Times, load

PROJECT = HERE / "calls"
LINES = ("retry", "failure")
WORLDS = 2
GOALS = {"seconds": ("at most", 60.0), "processor_s": ("told", 0.0), "calls": ("at least", 40.0)}


@dataclass(slots=True, kw_only=True)
class Record:
    """What the run told, by the second in which it did."""

    opened: float = 0.0
    first: float = 0.0
    last: float = 0.0
    calls: int = 0
    verdict: str = ""
    judged: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    where: Counter[str] = field(default_factory=Counter)
    waited: float = 0.0
    processor: list[float] = field(default_factory=list)

    def on(self, event: Event) -> None:
        """Keep what the event brings."""
        now = time.monotonic()
        match event:
            case StepMeasured(baseline=baseline):
                self.calls = max(self.calls, len(baseline.clean[-1].exchanges))
            case TrialsPlanned():
                self.first = self.first or now
                self.processor = self.processor or [_processor_s()]
            case TrialEnded(judged=judged):
                trial, history = judged.trial, judged.history
                self.counts[f"{trial.check} {trial.perturbation}"] += 1
                self.spent[trial.perturbation].append(history.seconds)
                self.where[history.world] += 1
                self.waited += history.seconds if waits(trial) else 0.0
            case FindingConfirmed(finding=finding):
                self.judged.append(f"{finding.severity} {finding.line} {finding.category}: {finding.title}")
            case UnknownMet(unknown=unknown):
                self.judged.append(f"unknown {unknown.line}: {unknown.missing}")
            case RunEnded(run=run):
                self.last, self.verdict = now, run.verdict or ""
                self.processor.append(_processor_s())
            case _:
                pass


def _processor_s() -> float:
    """Processor time of all that we have started, in seconds."""
    return Times().tree(os.getpid()) / 1000


async def measure(nursery: Nursery) -> Figures:
    """Fire the project, and tell what took how long."""
    site, record = find_site(PROJECT), Record()
    begun = time.monotonic()
    pad = await Launchpad.open(site, WORLDS, nursery, seed=0, say=lambda _: None)
    record.opened = time.monotonic() - begun
    try:
        wanted = Wanted(lines=tuple(line for line in LINES if line in lines()))
        async for event in fire(order_of(site, wanted), pad.worlds, SystemClock(), pad):
            record.on(event)
    finally:
        await pad.close()
    figures = Figures(goals=GOALS)
    figures.values = {
        "seconds": record.last - record.first,
        "processor_s": record.processor[-1] - record.processor[0],
        "calls": float(record.calls),
    }
    figures.details = {
        "verdict": record.verdict,
        "said": record.judged,
        "trials": dict(record.counts),
        "seconds of one, by perturbation": {kind: middle(spent) for kind, spent in record.spent.items()},
        "seconds of all, by perturbation": {kind: round(sum(spent), 1) for kind, spent in record.spent.items()},
        "seconds of those that wait": round(record.waited, 1),
        "trials by world": dict(record.where),
        "seconds to open": round(record.opened, 1),
        "load": load(),
    }
    return figures
