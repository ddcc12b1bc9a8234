"""Fires one case and keeps what matters of it: findings, unknowns, the trials' ids, the ledger."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hotfire.cli.check import Wanted, order_of
from hotfire.cli.project import find_site
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.model.event import FindingConfirmed, RunEnded, TrialEnded
from hotfire.model.judgement import Finding
from hotfire.model.run import Run
from hotfire.worlds.launchpad import Launchpad, Site
from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case, Expected

_T = TypeVar("_T")


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one firing of a case showed."""

    case: Case
    run: Run | None = None
    trials: dict[str, str] = field(default_factory=dict)
    first_finding: float | None = None
    wall: float = 0.0

    @property
    def findings(self) -> list[Finding]:
        """All findings, blockers and notes."""
        return [finding for path in (self.run.paths if self.run else ()) for finding in path.findings]

    @property
    def blockers(self) -> list[Finding]:
        """What makes a NO-GO."""
        return [finding for finding in self.findings if finding.severity == "blocker"]

    @property
    def found(self) -> bool:
        """Whether one of the declared findings is there, as the blocker or the note that it is declared to be."""
        return any(_as_declared(each) in self.case.expected for each in self.findings)

    @property
    def undeclared(self) -> list[Finding]:
        """What was found and is no note that the case declares: in what is right, a false alarm."""
        return [each for each in self.findings if _as_declared(each) not in self.case.notes]

    @property
    def unknowns(self) -> list[str]:
        """What could not be judged."""
        return [
            f"{each.step}: {each.missing}" for path in (self.run.paths if self.run else ()) for each in path.unknowns
        ]

    @property
    def mistakes(self) -> list[str]:
        """Happy paths that failed."""
        return [path.mistake for path in (self.run.paths if self.run else ()) if path.mistake]

    @property
    def print(self) -> tuple[object, ...]:
        """What must be the same in every run: trial ids with their verdicts, findings, the ledger."""
        paths = self.run.paths if self.run else ()
        ledgers = tuple(
            (path.path.name, tuple(sorted(path.ledgers.items(), key=lambda item: item[0]))) for path in paths
        )
        found = tuple(sorted((each.fingerprint, each.severity) for each in self.findings))
        return (tuple(sorted(self.trials.items())), found, ledgers, self.run.verdict if self.run else None)


def _as_declared(finding: Finding) -> Expected:
    return Expected(finding.line, finding.step, finding.category, finding.severity)


async def each_of(chosen: Sequence[Case], at_once: int, do: Callable[[Case], Awaitable[_T]]) -> list[_T]:
    """What is done with each case, in their order: some at once, and those that are told by silence alone, at last."""
    turn = asyncio.Semaphore(at_once)
    done: dict[str, _T] = {}

    async def one(case: Case) -> None:
        async with turn:
            done[case.name] = await do(case)

    async with asyncio.TaskGroup() as tasks:
        for case in chosen:
            if not case.by_silence:
                tasks.create_task(one(case))
    for case in chosen:
        if case.by_silence:
            await one(case)
    return [done[case.name] for case in chosen]


async def fire_case(case: Case, nursery: Nursery, jobs: int = 2, server: str = "") -> Outcome:
    """Lay the case out and fire all its critical paths, on another PostgreSQL server than it names if one is given."""
    outcome = Outcome(case=case)
    with case.laid_out() as project:
        begun = time.monotonic()
        await _fire(outcome, on_server(find_site(project), server), nursery, jobs)
        outcome.wall = time.monotonic() - begun
    return outcome


def on_server(site: Site, server: str) -> Site:
    """The same site on another PostgreSQL server, if one is named."""
    if not server:
        return site
    named = [replace(each, server=server) if each.kind == "postgres" else each for each in site.config.dependencies]
    return replace(site, config=replace(site.config, dependencies=tuple(named)))


async def _fire(outcome: Outcome, site: Site, nursery: Nursery, jobs: int) -> None:
    pad = await Launchpad.open(site, jobs, nursery, seed=0, say=lambda _: None)
    first: float | None = None
    try:
        async for event in fire(order_of(site, Wanted(lines=outcome.case.lines)), pad.worlds, SystemClock(), pad):
            match event:
                case TrialEnded(judged=judged):
                    first = first or time.monotonic()
                    said = [f.category for f in judged.findings] + [u.missing for u in judged.unknowns]
                    outcome.trials[judged.trial.id] = "; ".join(said) or (
                        "passed" if judged.history.reached else "missed"
                    )
                case FindingConfirmed() if outcome.first_finding is None and first:
                    outcome.first_finding = time.monotonic() - first
                case RunEnded(run=run):
                    outcome.run = run
                case _:
                    await asyncio.sleep(0)
    finally:
        await pad.close()
