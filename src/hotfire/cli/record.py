"""hotfire record: what each step of a critical path answers, written to launch/expected/ for a person to review."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
import uvloop

from hotfire.checks.response import Response
from hotfire.cli.check import note
from hotfire.cli.project import checks_of, find_site
from hotfire.cli.replay import untold
from hotfire.cli.texts import replace_text
from hotfire.clock import SystemClock
from hotfire.errors import UsageError
from hotfire.expected import REVIEWED, Expected, holding, keep, learn, name_of, written
from hotfire.model.history import Baseline, Reply
from hotfire.model.step import Step
from hotfire.model.world import World
from hotfire.worlds.driver.load import load
from hotfire.worlds.launchpad import Launchpad, Site
from hotfire.worlds.nursery import Nursery

FOLDER = "expected"
_UNKNOWN = 5


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

    What is new in every run, or once `prepare` has run again, becomes a placeholder. Read each file and write the day
    and your name into it, as reviewed = "2026-11-28 ann": from then on `hotfire check` holds each step to it. A file
    that still says what is answered stays as it is, with its review. `hotfire explain response` says what is compared.

    Exit code 5: the undisturbed runs of a step do not agree, so that it could not be recorded.
    """
    if by and not interactive:
        raise UsageError("--by reviews what you look at", hint="add --interactive, or write the names into the files")
    wanted = Wanted(paths=paths, steps=steps, interactive=interactive, by=by.strip())
    site = find_site()
    with Nursery() as nursery:
        return uvloop.run(record(site, wanted, nursery))


async def record(site: Site, wanted: Wanted, nursery: Nursery) -> int:
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
    plays = await _played(site, nursery, wanted.paths or tuple(declared))
    _know_steps(wanted, plays.values())
    changes = [change for of in plays.values() for change in _changes(site, known, of, wanted)]
    return _write(changes, wanted)


@dataclass(slots=True, kw_only=True)
class _Plays:
    """Undisturbed plays of one critical path: a reply for each step; `sent` are the targets, where they are known."""

    path: str
    steps: tuple[Step, ...] = ()
    runs: list[Sequence[Reply]] = field(default_factory=list)
    sent: dict[int, Sequence[str]] = field(default_factory=dict)

    async def play(self, world: World) -> None:
        """Play it from one beginning, three times or more."""
        survey = await world.survey(self.path)
        if survey.mistake:
            raise untold(survey.mistake)
        baseline = await world.baseline(self.path, survey.steps[0].key)
        if not isinstance(baseline, Baseline):
            raise untold(baseline)
        self.steps = self.steps or survey.steps
        self.sent[len(self.runs)] = [step.target for step in baseline.steps]
        for clean in baseline.clean:
            self.runs.append((*clean.replies[-1:], *clean.final_replies))
            trouble = clean.mistake or clean.trouble
            same = [step.key for step in baseline.steps] == [step.key for step in self.steps]
            if trouble or not same or len(self.runs[-1]) != len(self.steps):
                problem = f"{self.path} is not played the same again: {trouble or 'it has other steps'}"
                raise UsageError(problem, hint="let it depend on answers and actor.unique(…) only, then record again")

    def learned(self, known: Mapping[tuple[str, str], Expected]) -> dict[str, Expected | str]:
        """What each step answers, by its key; in words why it cannot be told. What files say stays while it holds."""
        new = learn(self.path, self.steps, self.runs, self.sent, SystemClock().now())
        old = [known.get((self.path, step.key)) for step in self.steps]
        return dict(zip((step.key for step in self.steps), keep(old, new, self.runs), strict=True))


async def _played(site: Site, nursery: Nursery, paths: Iterable[str]) -> dict[str, _Plays]:
    """Play the paths from two beginnings: made-up values, and what `prepare` left, are the same in one of them."""
    plays = {path: _Plays(path=path) for path in paths}
    for beginning, say in enumerate((note, _say_nothing)):
        seed = site.config.seed + beginning
        pad = await Launchpad.open(site, 1, nursery, seed=seed, say=say, fresh=beginning > 0)
        try:
            note(f"playing {', '.join(plays)}{', prepared anew' if beginning else ''}")
            for each in plays.values():
                await each.play(pad.worlds[0])
        finally:
            await pad.close()
    return plays


def _say_nothing(_: str) -> None:
    """What is prepared is told the first time."""


def _know_steps(wanted: Wanted, plays: Iterable[_Plays]) -> None:
    known = [step.key for of in plays for step in of.steps]
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

    @property
    def uncompared(self) -> list[str]:
        """Where nothing is compared that was before, since undisturbed runs do not agree there."""
        if self.new is None or not self.is_change:
            return []
        return [each for each in self.new.uncompared if not self.old or each not in self.old.uncompared]

    def difference(self) -> str:
        """What a person reviews: the lines that change, with what stands around them; all, where nobody has yet."""
        sides = (None if self.is_unread else self.old, self.new)
        old, new = (written(each).splitlines()[4:] if each else [] for each in sides)
        return "\n".join(list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:])


def _changes(site: Site, known: Mapping[tuple[str, str], Expected], plays: _Plays, wanted: Wanted) -> Iterator[_Change]:
    """What recording a path comes to, file by file; those of steps that are gone, where the whole path is recorded."""
    path, learned = plays.path, plays.learned(known)
    _know_names(known, plays, learned, wanted)
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


def _know_names(
    known: Mapping[tuple[str, str], Expected], plays: _Plays, learned: Mapping[str, Expected | str], wanted: Wanted
) -> None:
    """One step is recorded beside files of others only where a name stands for the same value in all of them."""
    if not wanted.steps:
        return
    files = {step: learned[step] if step in wanted.steps else known.get((plays.path, step)) for step in learned}
    held = holding([each if isinstance(each, Expected) else None for each in files.values()], plays.runs)
    for (step, each), holds in zip(files.items(), held, strict=True):
        if step in wanted.steps and isinstance(each, Expected) and not holds:
            problem = f"{step} cannot be recorded alone: its placeholders have other names than those of {plays.path}"
            raise UsageError(problem, hint=f"run `hotfire record -p {plays.path}`")


def _free(name: str, taken: set[str]) -> str:
    """A name that no other step of the path has: /a/b and /a-b are two."""
    stem, number = name.removesuffix(".txt"), 2
    while name in taken:
        name, number = f"{stem}-{number}.txt", number + 1
    return name


def _write(changes: Iterable[_Change], wanted: Wanted) -> int:
    """Write what changed, or what a person accepts of it; 5 where a step could not be recorded."""
    unreviewed = code = 0
    for change in changes:
        code = _UNKNOWN if change.trouble else code
        click.echo(f"{change.name}  {change.says}")
        if change.uncompared:
            click.echo(f"  not compared, since undisturbed runs do not agree there: {', '.join(change.uncompared)}")
        if change.trouble or not (change.is_change or (wanted.by and change.is_unread)):
            unreviewed += change.is_unread
            continue
        if wanted.interactive:
            click.echo(change.difference())
            answer = click.prompt("is this meant?", type=click.Choice(["y", "n", "q"]), default="n")
            if answer == "q":
                return code
            if answer == "n":
                continue
        _keep(change, wanted.by)
        unreviewed += bool(change.new) and not wanted.by
    if unreviewed:
        note(f"{unreviewed} to review: read each, and write {REVIEWED} into it")
    return code


def _keep(change: _Change, by: str) -> None:
    if change.new is None:
        try:
            change.file.unlink(missing_ok=True)
        except OSError as error:
            problem = f"{change.name} cannot be removed: {error.strerror}"
            raise UsageError(problem, hint="make its folder yours") from error
        return
    reviewed = f"{SystemClock().now().date().isoformat()} {by}" if by else ""
    replace_text(change.file, change.name, written(replace(change.new, reviewed=reviewed)))
