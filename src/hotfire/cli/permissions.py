"""hotfire permissions: who is allowed what, as trials show it, into launch/permissions.toml for a person to sign."""

import asyncio
import dataclasses
import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import click
import uvloop

from hotfire.checks.permissions import Permissions
from hotfire.cli.check import Wanted, note, order_of
from hotfire.cli.project import find_site
from hotfire.cli.texts import replace_text, text_of
from hotfire.clock import SystemClock
from hotfire.engine import fire
from hotfire.model.check import Judged
from hotfire.model.event import Event, PathFailed, RunEnded, StepMeasured, TrialEnded
from hotfire.model.history import Baseline
from hotfire.permissions import FILE, Permission, updated
from hotfire.proposals import proposed
from hotfire.worlds.launchpad import Launchpad, Site
from hotfire.worlds.nursery import Nursery


@click.command("permissions", short_help="Write who is allowed what, for a person to sign.")
@click.option("-p", "--path", "paths", multiple=True, metavar="NAME", help="Of this critical path only (repeatable).")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Busy worlds at once (default: one a core).",
)
@click.option("--dry-run", "dry", is_flag=True, help="Show the difference; write nothing.")
def command(paths: tuple[str, ...], jobs: int, *, dry: bool) -> int:
    """Fire the line `permissions`, and write launch/permissions.toml: each step with who is allowed and who is refused.

    What a person has signed stays as it stands; what nobody has signed is written anew where it is otherwise now, or
    goes. A line that is a comment stays, but for one in an entry that goes or right above it; a comment behind a value
    goes with the value. The difference is shown. `hotfire explain permissions` says what an entry means.
    """
    site, wanted = find_site(), Wanted(paths=paths, lines=(Permissions.line,), jobs=jobs, rewriting=True)
    with Nursery() as nursery:
        return uvloop.run(_write(site, wanted, nursery, dry=dry))


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What a firing showed, by critical path."""

    baselines: dict[str, list[Baseline]] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    code: int = 0

    def on(self, event: Event) -> None:
        match event:
            case StepMeasured(baseline=baseline):
                self.baselines.setdefault(baseline.path.name, []).append(baseline)
            case TrialEnded(judged=judged):
                self.judged.append(judged)
            case PathFailed(path=path, mistake=mistake):
                self.failed[path] = f"{mistake.step}: {mistake.problem}"
            case RunEnded(run=run):
                self.code = run.exit_code or 0
            case _:
                pass

    def proposals(self) -> Iterable[Permission]:
        """The entries of the paths that were played to their end."""
        for path, baselines in self.baselines.items():
            if path not in self.failed:
                yield from proposed(baselines, [each for each in self.judged if each.trial.path == path])


async def _write(site: Site, wanted: Wanted, nursery: Nursery, *, dry: bool) -> int:
    order = dataclasses.replace(order_of(site, wanted), named=())  # steps that are gone: what is not signed goes, too
    updated(_standing(site), (), (), _name(site))  # what cannot be written anew is told before anything is fired
    pad = await Launchpad.open(site, wanted.jobs or os.cpu_count() or 1, nursery, seed=order.seed, say=note)
    seen = _Seen()
    try:
        async for event in fire(order, pad.worlds, SystemClock(), pad):
            seen.on(event)
            await asyncio.sleep(0)
    finally:
        await pad.close()
    for path, problem in seen.failed.items():
        note(f"{path} could not be played, and its entries stay as they are: {problem}")
    _tell(site, list(seen.proposals()), [path for path in order.paths if path not in seen.failed], dry=dry)
    return seen.code if seen.failed else 0


def _tell(site: Site, proposals: Sequence[Permission], fired: Sequence[str], *, dry: bool) -> None:
    """Write the file, and print in what it differs."""
    before, name = _standing(site), _name(site)
    after = updated(before, proposals, fired, name)
    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    click.echo("".join(difflib.unified_diff(*lines, fromfile=name, tofile=name)), nl=False)
    if before == after:
        note(f"{name} is as it should be")
    elif not dry:
        replace_text(site.launch / FILE, name, after)
        note(f'{name} is written: read what is allowed, and sign what is meant: reviewed = "YYYY-MM-DD name"')


def _name(site: Site) -> str:
    return f"{site.config.launch}/{FILE}"


def _standing(site: Site) -> str:
    """The file's text, "" where there is none."""
    file = site.launch / FILE
    return text_of(file, _name(site)) if file.exists() else ""
