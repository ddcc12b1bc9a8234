"""Fires one case and keeps what matters of it: findings, unknowns, the trials' ids, the ledger."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hotfire.cli.check import Wanted, order_of
from hotfire.cli.project import find_site
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.model.event import Event, FindingConfirmed, RunEnded, StepMeasured, TrialEnded
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
    begun: float | None = None
    first_finding: float | None = None
    wall: float = 0.0

    def hear(self, event: Event, now: float) -> None:
        """Keep what matters of an event, which came at this second.

        The seconds to the first finding begin with the first step that is measured: its first trial is next.
        """
        match event:
            case StepMeasured() if self.begun is None:
                self.begun = now
            case TrialEnded(judged=judged):
                said = [f.category for f in judged.findings] + [u.missing for u in judged.unknowns]
                self.trials[judged.trial.id] = "; ".join(said) or ("passed" if judged.history.reached else "missed")
            case FindingConfirmed(finding=finding) if self.first_finding is None and self._counts(finding):
                self.first_finding = None if self.begun is None else now - self.begun
            case RunEnded(run=run):
                self.run = run
            case _:
                pass

    @property
    def findings(self) -> list[Finding]:
        """All findings, blockers and notes."""
        return [finding for path in (self.run.paths if self.run else ()) for finding in path.findings]

    @property
    def blockers(self) -> list[Finding]:
        """What makes a NO-GO."""
        return [finding for finding in self.findings if finding.severity == "blocker"]

    @property
    def met(self) -> list[Expected]:
        """The declared bugs that were found."""
        return [each for each in self.case.expected if any(each.met_by(finding) for finding in self.findings)]

    @property
    def missed(self) -> list[Expected]:
        """The declared bugs that were not found."""
        return [each for each in self.case.expected if each not in self.met]

    @property
    def found(self) -> bool:
        """Whether bugs are declared, and all of them are there."""
        return bool(self.case.expected) and not self.missed

    @property
    def told(self) -> list[Finding]:
        """What counts as a finding: the blockers, and the notes that are declared as the bug."""
        return [each for each in self.findings if self._counts(each)]

    def _counts(self, finding: Finding) -> bool:
        return finding.severity == "blocker" or any(each.met_by(finding) for each in self.case.expected)

    @property
    def undeclared(self) -> list[Finding]:
        """What was found and is neither a declared bug nor true besides: a false alarm."""
        declared = (*self.case.expected, *self.case.also)
        return [each for each in self.findings if not any(known.met_by(each) for known in declared)]

    @property
    def faults(self) -> list[str]:
        """What is wrong with it, a line each; empty where all is as declared.

        What a mutant shows besides its bug is counted, and no fault: its one missing safety may be missed in many ways.
        """
        untold = [] if self.case.kind == "mutant" else self.undeclared
        return [
            *(f"missed {each.name} [{' or '.join(each.steps)}]" for each in self.missed),
            *(f"undeclared {each.line} · {each.category} [{each.step}]" for each in untold),
            *(() if self.case.expected else (f"unknown {each[:200]}" for each in self.unknowns)),
            *(f"mistake {each}" for each in self.mistakes),
        ]

    @property
    def tried(self) -> Counter[str]:
        """How many trials and undisturbed runs were judged, by line; a line that had nothing to judge is left out.

        `permissions` tries nothing where nobody signs in, and `rollback` nothing of a path without an undo.
        """
        paths = self.run.paths if self.run else ()
        judged = {
            line: sum(path.ledgers[line].tried for path in paths if line in path.ledgers) for line in self.case.lines
        }
        return +Counter(judged)

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
    try:
        async for event in fire(order_of(site, Wanted(lines=outcome.case.lines)), pad.worlds, SystemClock(), pad):
            outcome.hear(event, time.monotonic())
            await asyncio.sleep(0)
    finally:
        await pad.close()
