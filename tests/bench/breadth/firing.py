"""./dev bench --breadth: one critical path, by each framework, driver and server that people really have.

A row tells how its service starts, how long a second check takes to its first trial, how many trials a second one world
runs, whether the undisturbed runs agree, and the verdict. That must be GO: the path
is right, so all else is a fault of ours.
"""

import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hotfire.cli.check import Wanted, order_of
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.errors import HotfireError
from hotfire.model.event import Event, FindingConfirmed, PathSurveyed, RunEnded, StepMeasured, TrialEnded, TrialsPlanned
from hotfire.model.history import Baseline
from hotfire.unjudged import undisturbed_disagree
from hotfire.worlds.launchpad import Launchpad, Site
from hotfire.worlds.nursery import Nursery
from tests.bench.breadth.matrix import Row, rows
from tests.bench.machine import load

COLUMNS = (
    "framework",
    "driver",
    "server",
    "starts",
    "first trial after",
    "trials",
    "trials/s",
    "null trials",
    "verdict",
)


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen of one row. `said` is whatever is not as it must be."""

    row: Row
    verdict: str = ""
    first: float = 0.0
    trials: int = 0
    spent: float = 0.0
    generations: dict[str, None] = field(default_factory=dict)
    differs: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _last: float = 0.0

    def on(self, event: Event, begun: float) -> None:
        """Keep what the event brings; `begun` is when the check began."""
        now = time.monotonic()
        match event:
            case PathSurveyed(survey=survey):
                self.notices += survey.notices
            case StepMeasured(baseline=baseline):
                self._measured(baseline)
            case TrialsPlanned():
                self.first = self.first or now - begun
            case TrialEnded():
                self.trials += 1
                self.spent += now - self._last
            case FindingConfirmed(finding=finding):
                self.said.append(f"{finding.severity} {finding.step}: {finding.title}")
            case RunEnded(run=run):
                self.verdict = run.verdict or "none"
                self.said += [f"unknown {each.step}: {each.missing}" for path in run.paths for each in path.unknowns]
                self.said += [f"mistake: {path.mistake}" for path in run.paths if path.mistake]
            case _:
                pass
        self._last = now

    def _measured(self, baseline: Baseline) -> None:
        self.generations[baseline.clean[-1].generation] = None
        if unknown := undisturbed_disagree("", baseline):
            self.differs.append(f"{baseline.step.key}: {unknown.missing}")

    @property
    def starts(self) -> str:
        """Warm, from a fork that has imported the application, or cold; more than one where steps differ."""
        if self.row.command or any("starts cold" in notice for notice in self.notices):
            return "cold"
        return ", ".join("warm" if each == "warm" else "forked" for each in self.generations)

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table shows them, in the order of COLUMNS."""
        row, rate = self.row, self.trials / self.spent if self.spent else 0.0
        null = "; ".join(self.differs) or ("equal" if self.generations else "none")
        return (
            row.framework,
            row.driver.removeprefix("Django "),
            f"`{row.server}`" if row.command else row.server,
            self.starts,
            f"{self.first:.1f} s",
            str(self.trials),
            f"{rate:.1f}",
            null,
            self.verdict,
        )

    @property
    def is_right(self) -> bool:
        """Whether the row is as it must be."""
        return self.verdict == "GO" and not self.differs


@dataclass(slots=True, kw_only=True)
class Breadth:
    """All rows that were asked."""

    seen: list[Seen] = field(default_factory=list)
    seconds: float = 0.0
    loads: list[float] = field(default_factory=list)

    def missed(self) -> list[str]:
        """The rows that are not as they must be."""
        return [str(each.row) for each in self.seen if not each.is_right]

    def told(self) -> str:
        """The table in Markdown, and what must be told beside it."""
        lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS)), *(_line(each.cells) for each in self.seen)]
        lines += [f"\n{each.row}: {said}" for each in self.seen for said in each.said]
        notices = Counter(notice for each in self.seen for notice in each.notices)
        lines += [f"\n{count} rows: {notice}" for notice, count in notices.items()]
        return "\n".join([*lines, "", f"{len(self.seen)} rows in {self.seconds:.0f} s, load {self.loads}"])

    def document(self) -> dict[str, Any]:
        """One object."""
        table = [dict(zip(COLUMNS, each.cells, strict=True)) for each in self.seen]
        told = [{"said": each.said, "notices": each.notices} for each in self.seen]
        return {
            "rows": [row | more for row, more in zip(table, told, strict=True)],
            "missed": self.missed(),
            "seconds": self.seconds,
            "load": self.loads,
        }


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


async def measure(nursery: Nursery, only: str, lines: tuple[str, ...], server: str, python: str) -> Breadth:
    """Fire each row whose name matches `only`, and ask these lines of the checklist."""
    breadth, begun = Breadth(loads=[load()]), time.monotonic()
    with _shelf_of_its_own():
        for row in rows():
            if re.search(only, str(row)):
                seen = await _fired(nursery, row, row.site(server=server, python=python), lines)
                breadth.seen.append(seen)
                breadth.loads.append(load())
                print(_line(seen.cells), *seen.said, f"({seen.seconds:.0f} s)", file=sys.stderr, flush=True)
    breadth.seconds = round(time.monotonic() - begun, 1)
    return breadth


@contextmanager
def _shelf_of_its_own() -> Iterator[None]:
    """What `prepare` leaves is kept for the length of the bench, and beside what the user keeps."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield
        finally:
            os.environ.pop("XDG_CACHE_HOME")
            if before is not None:
                os.environ["XDG_CACHE_HOME"] = before


async def _fired(nursery: Nursery, row: Row, site: Site, lines: tuple[str, ...]) -> Seen:
    """Fire a row as a second check finds it: what `prepare` left is there. One world, no lanes beside it."""
    seen, begun = Seen(row=row), time.monotonic()
    try:
        await _prepared(nursery, site)
        await _fire(nursery, seen, site, lines)
    except HotfireError as error:
        seen.verdict = "none"
        seen.said.append(str(error))
    seen.seconds = time.monotonic() - begun
    return seen


async def _prepared(nursery: Nursery, site: Site) -> None:
    pad = await Launchpad.open(site, 1, nursery, seed=0, say=lambda _: None)
    await pad.close()


async def _fire(nursery: Nursery, seen: Seen, site: Site, lines: tuple[str, ...]) -> None:
    begun = time.monotonic()
    pad = await Launchpad.open(site, 1, nursery, seed=0, say=lambda _: None)
    try:
        seen.notices += pad.notices
        async for event in fire(order_of(site, Wanted(lines=lines)), pad.worlds, SystemClock()):
            seen.on(event, begun)
    finally:
        await pad.close()
