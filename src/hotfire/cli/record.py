"""hotfire record: what each step of a critical path answers, written to launch/expected/ for a person to review."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import uvloop

from hotfire.checks.response import Response
from hotfire.cli.check import note
from hotfire.cli.project import checks_of, find_site
from hotfire.cli.replay import untold
from hotfire.clock import SystemClock
from hotfire.errors import UsageError
from hotfire.expected import REVIEWED, Expected, learn, name_of, written
from hotfire.model.history import Baseline, Reply
from hotfire.model.step import Step
from hotfire.model.world import World
from hotfire.worlds.driver.load import load
from hotfire.worlds.launchpad import Launchpad, Site

FOLDER = "expected"
_BEGINNINGS = 2  # made-up values are the same in all runs from one beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for; `by` reviews what is accepted while looking at it."""

    paths: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    interactive: bool = False
    by: str = ""


@click.command("record", short_help="Record what each step answers, for a person to review.")
@click.option(
    "-p", "--path", "paths", multiple=True, metavar="NAME", help="Record this critical path only (repeatable)."
)
@click.option(
    "--step", "steps", multiple=True, metavar="KEY", help='Record this step only: "author POST /api/posts #1".'
)
@click.option("-i", "--interactive", is_flag=True, help="Show each difference, and ask whether it is meant.")
@click.option(
    "--by", default="", metavar="NAME", help="With --interactive: what you accept is reviewed, by you, today."
)
def command(paths: tuple[str, ...], steps: tuple[str, ...], by: str, *, interactive: bool) -> int:
    """Play each critical path undisturbed, and write what its steps answer to launch/expected/PATH/STEP.txt.

    What is new in every run becomes a placeholder. Read each file and write your name and the day into it, as
    reviewed = "2026-11-28 ann": from then on `hotfire check` holds each step to it. A file of which nothing changed
    stays as it is, with its review. `hotfire explain response` says what is compared.
    """
    if by and not interactive:
        raise UsageError("--by reviews what you look at", hint="add --interactive, or write the names into the files")
    wanted = Wanted(paths=paths, steps=steps, interactive=interactive, by=by.strip())
    return uvloop.run(record(find_site(), wanted))


async def record(site: Site, wanted: Wanted) -> int:
    """Play, learn, and write what changed.

    Raises:
        UsageError: an unknown critical path or step, one that does not come to its end, or a file that is no recording.
    """
    declared = load(site.launch).paths
    for name in wanted.paths:
        if name not in declared:
            raise UsageError(f"there is no critical path {name!r}", hint=f"declared are {', '.join(declared)}")
    (check,) = checks_of(site, [Response.line])
    known = check.expected if isinstance(check, Response) else {}
    recorded = await _recorded(site, wanted.paths or tuple(declared))
    _know_steps(wanted, recorded)
    changes = [change for path, learned in recorded.items() for change in _changes(site, known, path, learned, wanted)]
    return _write(changes, wanted)


Learned = Mapping[str, Expected | str]
"""What was learned of each step of a path, by its key; a text where its answers are not steady."""


async def _recorded(site: Site, paths: Iterable[str]) -> dict[str, Learned]:
    pad = await Launchpad.open(site, 1, seed=site.config.seed, say=note)
    try:
        return {path: await _learned(pad.worlds[0], path) for path in paths}
    finally:
        await pad.close()


async def _learned(world: World, path: str) -> Learned:
    """Play a path from two beginnings, each three times or more."""
    note(f"recording {path}")
    survey = await world.survey(path)
    if survey.mistake:
        raise untold(survey.mistake)
    runs: list[Sequence[Reply]] = []
    sent: dict[int, Sequence[str]] = {}
    for _ in range(_BEGINNINGS):
        baseline = await world.baseline(path, survey.steps[0].key)
        if not isinstance(baseline, Baseline):
            raise untold(baseline)
        sent[len(runs)] = [step.target for step in baseline.steps]
        runs += _runs(baseline, survey.steps)
    found = learn(path, survey.steps, runs, sent, SystemClock().now())
    return {step.key: each for step, each in zip(survey.steps, found, strict=True)}


def _runs(baseline: Baseline, steps: Sequence[Step]) -> Iterator[Sequence[Reply]]:
    """The replies of whole plays."""
    for clean in baseline.clean:
        replies = (*clean.replies[-1:], *clean.final_replies)
        if clean.trouble or clean.mistake or len(replies) != len(steps):
            problem = f"{baseline.path.name} could not be played to its end again: {clean.mistake or clean.trouble}"
            raise UsageError(problem, hint="let the path depend on answers and actor.unique(…) only, then record again")
        yield replies


def _know_steps(wanted: Wanted, recorded: Mapping[str, Learned]) -> None:
    known = [step for learned in recorded.values() for step in learned]
    for step in wanted.steps:
        if step not in known:
            raise UsageError(f"no critical path has the step {step!r}", hint=f"the steps are {'; '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A file that is written anew, or removed (no `new`)."""

    file: Path
    name: str
    old: Expected | None
    new: Expected | None
    trouble: str = ""

    @property
    def is_change(self) -> bool:
        """Whether what is expected is another."""
        return self.old is None or self.new is None or not self.old.same_as(self.new)

    @property
    def is_unread(self) -> bool:
        """Whether it stays as it is, and nobody has reviewed it."""
        return not self.is_change and self.old is not None and not self.old.reviewed

    @property
    def says(self) -> str:
        """What happens to it, in a word."""
        if self.trouble:
            return f"not recorded: {self.trouble}"
        if self.new is None:
            return "removed: the critical path has no such step"
        if self.old is None:
            return "recorded"
        return "changed" if self.is_change else "unchanged, and not reviewed" if self.is_unread else "unchanged"

    def difference(self) -> str:
        """What a person reviews: the lines that change, with what stands around them; all, where nobody has yet."""
        sides = (None if self.is_unread else self.old, self.new)
        old, new = (written(each).splitlines()[4:] if each else [] for each in sides)
        return "\n".join(list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:])


def _changes(
    site: Site, known: Mapping[tuple[str, str], Expected], path: str, learned: Learned, wanted: Wanted
) -> Iterator[_Change]:
    """What recording a path comes to, file by file; those of steps that are gone, where the whole path is recorded."""
    folder = site.launch / FOLDER / path
    taken = {Path(each.place).name for (of, step), each in known.items() if of == path and step in learned}
    for step, new in learned.items():
        if wanted.steps and step not in wanted.steps:
            continue
        old = known.get((path, step))
        file = folder / (Path(old.place).name if old else _free(name_of(step), taken))
        name = f"{site.config.launch}/{FOLDER}/{path}/{file.name}"
        taken.add(file.name)
        if isinstance(new, str):
            yield _Change(file=file, name=f"{path}: {step}", old=old, new=None, trouble=new)
        else:
            yield _Change(file=file, name=name, old=old, new=new)
    for (of, step), old in known.items():
        if of == path and step not in learned and not wanted.steps:
            yield _Change(file=folder / Path(old.place).name, name=old.place, old=old, new=None)


def _free(name: str, taken: set[str]) -> str:
    """A name that no other step of the path has: /a/b and /a-b are two."""
    stem, number = name.removesuffix(".txt"), 2
    while name in taken:
        name, number = f"{stem}-{number}.txt", number + 1
    return name


def _write(changes: Iterable[_Change], wanted: Wanted) -> int:
    """Write what changed, or what a person accepts of it."""
    unreviewed = 0
    for change in changes:
        click.echo(f"{change.name}  {change.says}")
        if change.trouble or not (change.is_change or (wanted.by and change.is_unread)):
            unreviewed += bool(change.trouble) or change.is_unread
            continue
        if wanted.interactive:
            click.echo(change.difference())
            answer = click.prompt("is this meant?", type=click.Choice(["y", "n", "q"]), default="n")
            if answer == "q":
                return 0
            if answer == "n":
                continue
        _keep(change, wanted.by)
        unreviewed += bool(change.new) and not wanted.by
    if unreviewed:
        note(f"{unreviewed} to review: read each, and write {REVIEWED} into it")
    return 0


def _keep(change: _Change, by: str) -> None:
    try:
        if change.new is None:
            change.file.unlink(missing_ok=True)
            return
        reviewed = f"{SystemClock().now().date().isoformat()} {by}" if by else ""
        change.file.parent.mkdir(parents=True, exist_ok=True)
        change.file.write_text(written(replace(change.new, reviewed=reviewed)), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{change.name} cannot be written: {error.strerror}", hint="make its folder yours") from error
