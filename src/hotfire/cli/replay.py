"""hotfire replay: one trial again, on today's code."""

import asyncio
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import uvloop

from hotfire.cli.check import note
from hotfire.cli.project import archive_root, checks_of, find_site
from hotfire.engine.bay import Bay
from hotfire.errors import UsageError
from hotfire.model.check import Check, Judged, said_together, watches_all, watches_undisturbed
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Arrangement, Trial
from hotfire.model.world import Mistake
from hotfire.reports.archive import StoredTrial, load_trial
from hotfire.reports.phrases import perturbation_says
from hotfire.reports.story import tell
from hotfire.worlds.launchpad import Launchpad, Site
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.remote import RemoteWorld

STILL_THERE, GONE, NOT_REACHED = 1, 0, 5


@click.command("replay", short_help="Run one trial again, on today's code.")
@click.argument("trial", metavar="ID")
@click.option(
    "--run", default="", metavar="RUN", help="Take the trial from this run (default: the newest that has it)."
)
@click.option("--hold", is_flag=True, help="Stop at the cut, print where to look, and go on at Enter.")
def command(trial: str, run: str, *, hold: bool) -> int:
    """Run one trial again: a new baseline of today's code, the point found by its signature.

    Exit code 1: what was found is still there. 0: it is gone. 5: the point was not reached, or nothing could be told.
    """
    record, stored = load_trial(archive_root(), trial, run)
    refuse(stored, hold=hold)
    needed = _needed(record.folder, stored)
    site = find_site()
    with Nursery() as nursery:
        return uvloop.run(_replay(site, nursery, stored, needed, hold=hold))


def refuse(stored: StoredTrial, *, hold: bool) -> None:
    """An undisturbed run is replayed where a check that watches all said something of it, and has no cut to stop at."""
    trial = stored.judged.trial
    if not trial.check and stored.judged.silent:
        raise UsageError(f"{trial.id} is a null trial", hint="replay a trial that a finding names")
    if not trial.check and hold:
        raise UsageError(f"{trial.id} is an undisturbed run, which has no cut", hint="leave out --hold")


def _needed(folder: Path, stored: StoredTrial) -> list[Trial]:
    """The trials that a finding rests on, the replayed one last."""
    names = dict.fromkeys(each.trial for finding in stored.judged.findings for each in finding.evidence)
    names.pop(stored.judged.trial.id, None)
    trials = [load_trial(folder.parent, name, folder.name)[1].judged.trial for name in names if name]
    return [dataclasses.replace(each, arrangement=Arrangement(generation="clean")) for each in trials] + [
        dataclasses.replace(stored.judged.trial, arrangement=Arrangement(generation="clean"))
    ]


async def _replay(site: Site, nursery: Nursery, stored: StoredTrial, trials: list[Trial], *, hold: bool) -> int:
    pad = await Launchpad.open(site, 1, nursery, seed=trials[-1].seed, say=note)
    try:
        (world,) = pad.worlds
        last = trials[-1]
        survey = await world.survey(last.path)
        if survey.mistake:
            raise untold(survey.mistake)
        baseline = await world.baseline(last.path, last.step)
        if isinstance(baseline, Mistake):
            raise untold(baseline)
        bay = Bay(world=_Held(world) if hold else world, baseline=baseline)
        lines = dict.fromkeys([*(trial.check for trial in trials), *lines_of(stored)])
        checks = checks_of(site, [line for line in lines if line])
        seen = [await see(bay, trial, checks) for trial in trials]
        asked = dataclasses.replace(seen[-1], trial=stored.judged.trial)  # told under the id that was asked for
        return _tell(asked, baseline)
    finally:
        await pad.close()


def lines_of(stored: StoredTrial) -> Sequence[str]:
    """The lines that have something to say of the trial: whose check planned it, and those that spoke."""
    judged = stored.judged
    spoke = [*(each.line for each in judged.findings), *(each.line for each in judged.unknowns)]
    return tuple(dict.fromkeys([judged.trial.check, *spoke]))


async def see(bay: Bay, trial: Trial, checks: Sequence[Check]) -> Judged:
    """Run a trial, and let its own check judge it, and those of these that watch all."""
    if not trial.check:
        watching = filter(watches_undisturbed, checks)
        return said_together([judged for check in watching for judged in bay.judge_undisturbed(check)])
    await bay.play(trial)
    judging = [check for check in checks if check.line == trial.check or watches_all(check)]
    return said_together([bay.judge(check, trial) for check in judging])


class _Held:
    """A world whose trials stop at their cut."""

    def __init__(self, world: RemoteWorld) -> None:
        self._world = world
        self.name = world.name
        self.survey, self.baseline, self.close = world.survey, world.baseline, world.close

    async def run(self, trial: Trial) -> History:
        release = asyncio.Event()
        shown: list[dict[str, str]] = []

        def at_cut(sights: dict[str, str]) -> None:
            shown.append(sights)
            _show(sights, release)

        history = await self._world.hold(trial, at_cut, release)
        if not shown:
            click.echo(f"trial {trial.id} was not held: no cut was met ({perturbation_says(trial)})", err=True)
        return history


def _show(sights: dict[str, str], release: asyncio.Event) -> None:
    click.echo("\nstopped at the cut, before it is done", err=True)
    for name, text in sights.items():
        click.echo(f"  {name}: {text}" if "\n" not in text else f"  {name}:\n{text}", err=True)
    click.echo("press Enter to go on", err=True)
    asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline).add_done_callback(lambda _: release.set())


def _tell(judged: Judged, baseline: Baseline) -> int:
    click.echo(tell(StoredTrial(judged=judged), baseline))
    if not judged.history.reached:
        click.echo("UNKNOWN  the point was not reached: the code has changed there", err=True)
        return NOT_REACHED
    blockers = [finding for finding in judged.findings if finding.severity == "blocker"]
    if judged.unknowns and not blockers:
        click.echo(f"UNKNOWN  {judged.unknowns[0].missing}", err=True)
        return NOT_REACHED
    click.echo("still there" if blockers else "gone", err=True)
    return STILL_THERE if blockers else GONE


def untold(mistake: Mistake) -> UsageError:
    """A mistake of the path as an error, with the last lines of the log."""
    said = [f"the happy path fails now: {mistake.step}: {mistake.problem}"]
    said += [f"  {line.process}: {line.text}" for line in mistake.logs]
    return UsageError("\n".join(said), hint=mistake.hint)
