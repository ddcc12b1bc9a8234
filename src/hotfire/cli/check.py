"""hotfire check: fire the critical paths and give the verdict."""

import asyncio
import dataclasses
import difflib
import os
import secrets
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop

from hotfire.checks import lines
from hotfire.cli.project import checks_of, find_site, waivers_of
from hotfire.cli.report import wanted_reports, write
from hotfire.clock import SystemClock
from hotfire.engine import Order, fire
from hotfire.errors import UsageError
from hotfire.model.check import Check, Named, Reviewed
from hotfire.model.declaration import Declarations
from hotfire.model.event import Event, FindingConfirmed, PathFailed, PathSurveyed, RunEnded, StepMeasured, TrialsPlanned
from hotfire.perturbations import script, waits
from hotfire.reports import format_named
from hotfire.reports.archive import FOLDER, Archive, load_run
from hotfire.reports.terminal import Terminal, wants_colour
from hotfire.worlds.driver.load import load
from hotfire.worlds.launchpad import LANES, Launchpad, Site
from hotfire.worlds.nursery import Nursery

_WAIT = 2.0  # seconds that a trial which waits is taken to wait, until the service's own patience ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for; `rewriting`: what is only proposed under `launch/` is written anew."""

    paths: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    jobs: int = 0
    dry: bool = False
    seed: int | None = None
    reports: tuple[tuple[str, Path], ...] = ()
    fresh: bool = False
    rewriting: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left out of what the project declares."""
        return not (self.paths or self.lines or self.steps)


@click.command("check")
@click.option("-p", "--path", "paths", multiple=True, metavar="NAME", help="Fire this critical path only (repeatable).")
@click.option(
    "--line", "lines_", multiple=True, metavar="LINE", help="Ask this line of the checklist only (repeatable)."
)
@click.option("--step", "steps", multiple=True, metavar="KEY", help='Fire this step only: "author POST /api/posts #1".')
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Busy worlds at once (default: one a core).",
)
@click.option("--dry-run", "dry", is_flag=True, help="List the trials and the time they will take; run none.")
@click.option("--seed", type=int, default=None, metavar="N", help="Another seed for made-up values (default: 0).")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report there too, as junit=report.xml (repeatable).",
)
@click.option("--fresh", is_flag=True, help="Run prepare anew, whatever an earlier run kept of it.")
def command(  # one parameter an option, as click hands them over
    paths: tuple[str, ...],
    lines_: tuple[str, ...],
    steps: tuple[str, ...],
    jobs: int,
    seed: int | None,
    reports: tuple[str, ...],
    *,
    dry: bool,
    fresh: bool,
) -> int:
    """Fire the critical paths of this project and answer GO, NO-GO or UNKNOWN.

    Starts the service with its database in a sealed world for each core, plays each path of launch/critical_paths.py
    undisturbed, then runs every trial that the adopted lines derive. Findings come as they are confirmed; each can be
    repeated with `hotfire replay ID`, read with `hotfire show ID`. The run is kept under .hotfire/.
    """
    if dry and reports:
        raise UsageError("a dry run has nothing to report", hint="leave out --report, or --dry-run")
    wanted = Wanted(
        paths=paths,
        lines=lines_,
        steps=steps,
        jobs=jobs,
        dry=dry,
        seed=seed,
        reports=wanted_reports(reports),
        fresh=fresh,
    )
    site = find_site()
    with Nursery() as nursery:
        return uvloop.run(check(site, wanted, nursery))


async def check(site: Site, wanted: Wanted, nursery: Nursery) -> int:
    """Fire, report, and give the exit code."""
    order = order_of(site, wanted)
    jobs = wanted.jobs or os.cpu_count() or 1
    pad = await Launchpad.open(site, jobs, nursery, seed=order.seed, say=note, fresh=wanted.fresh)
    try:
        events = fire(_with_notices(order, pad.notices), pad.worlds, SystemClock(), pad)
        return await (_list(events) if wanted.dry else _report(events, site.project, wanted))
    finally:
        await pad.close()


def order_of(site: Site, wanted: Wanted) -> Order:
    """What the command line and the configuration ask for.

    Raises:
        UsageError: an unknown critical path, line or actor, or a waiver that is not complete.
    """
    declarations = load(site.launch)
    declared = declarations.paths
    for name in wanted.paths:
        if name not in declared:
            raise UsageError(f"there is no critical path {name!r}", hint=f"declared are {', '.join(declared)}")
    adopted = wanted.lines or site.config.lines or lines()
    checks = checks_of(site, adopted)
    return Order(
        run=f"{datetime.now(tz=UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        project=site.config.project or site.project.name,
        paths=wanted.paths or tuple(declared),
        checks=checks,
        not_asked=tuple(line for line in lines() if line not in adopted),
        steps=wanted.steps,
        seed=site.config.seed if wanted.seed is None else wanted.seed,
        dry=wanted.dry,
        command=tuple(sys.argv[1:]),
        notices=(f"fired only these steps: {', '.join(wanted.steps)}",) if wanted.steps else (),
        waivers=waivers_of(site),
        ignored=site.config.ignored,
        whole=wanted.whole,
        named=_named(checks, declarations, rewriting=wanted.rewriting),
    )


def _named(checks: Sequence[Check], declarations: Declarations, *, rewriting: bool) -> tuple[Named, ...]:
    """The steps that reviewed files name; a critical path or an actor that is not declared cannot be meant.

    Whom an entry names that is written anew does not matter.
    """
    found = tuple(named for check in checks if isinstance(check, Reviewed) for named in check.named())
    declared, actors = declarations.paths, declarations.actors
    for named in found:
        if named.path not in declared:
            problem = f"{named.place} names the critical path {named.path!r}, which is not declared"
            raise UsageError(problem, hint=f"{named.hint}; declared are {', '.join(declared)}")
        for who in () if named.proposed and rewriting else named.actors:
            if who not in actors:
                near = difflib.get_close_matches(who, actors, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"{named.hint}; declared are {', '.join(actors)}"
                raise UsageError(f"{named.place} names the actor {who!r}, who is not declared", hint=hint)
    return found


def _with_notices(order: Order, notices: Sequence[str]) -> Order:
    return dataclasses.replace(order, notices=(*order.notices, *notices))


def note(text: str) -> None:
    """A progress line on standard error."""
    click.echo(text, err=True)


async def _report(events: AsyncIterator[Event], project: Path, wanted: Wanted) -> int:
    """Tell the terminal and the archive of each event; the page is there before the verdict is told, the rest after."""
    archive = Archive(project / FOLDER)
    progress = sys.stderr if sys.stderr.isatty() else None
    terminal = Terminal(out=sys.stdout, progress=progress, colour=wants_colour(sys.stdout, os.environ))
    code = 0
    async for event in events:
        archive.on(event)
        if isinstance(event, RunEnded):
            record = load_run(archive.root, event.run.id)
            file = archive.write_report("report.html", format_named("html").render(record))
            terminal.report = _told(file)
            code = event.run.exit_code or 0
        terminal.on(event)
    record = load_run(archive.root, archive.folder.name)
    for name, place in wanted.reports:
        write(place, format_named(name).render(record))
    return code


def _told(file: Path) -> str:
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


async def _list(events: AsyncIterator[Event]) -> int:
    """The dry run: each trial with what it does, and the time that all of them will take; what is wrong with a path.

    The exit code is 0, unless a path is mistaken or broken as it stands.
    """
    terminal = Terminal(out=sys.stderr)
    seconds: list[float] = []
    busy = waiting = code = 0
    async for event in events:
        match event:
            case StepMeasured(baseline=baseline):
                seconds.append(statistics.median(history.seconds for history in baseline.clean[1:]))
            case TrialsPlanned(path=path, step=step, trials=trials):
                waiting += sum(map(waits, trials))
                busy += sum(not waits(trial) for trial in trials)
                for trial in trials:
                    click.echo(f"{trial.id}  {path}  {step}  {trial.check}: {script(trial).perturbation.says()}")
            case PathSurveyed() | PathFailed() | FindingConfirmed():
                terminal.on(event)
            case RunEnded(run=run) if any(path.mistake or path.findings for path in run.paths):
                code = run.exit_code or 0
            case _:
                await asyncio.sleep(0)
    of_one = 2 * statistics.mean(seconds) if seconds else 0.0
    estimate = busy * of_one + waiting * (of_one + _WAIT) / (1 + LANES)
    click.echo(f"{busy + waiting} trials, about {estimate:.0f} s; what they answer may ask for a few more", err=True)
    return code
