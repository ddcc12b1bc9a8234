"""The archive: runs on disk, one folder each, every trial written as it ends (DESIGN §8).

    .hotfire/RUN-ID/run.json             small; written anew whenever a path's state changes, so readable at any time
    .hotfire/RUN-ID/trials/ID.json       the trial, its history, what all checks said of it, and its baseline's name
    .hotfire/RUN-ID/trials/ID.2.json     the same trial once more, in a fresh world (a confirmation)
    .hotfire/RUN-ID/baselines/NAME.json  the undisturbed runs of one step in one world
    .hotfire/latest                      a link to the run begun last

Folders are 0700 and files 0600; each file appears whole or not at all.
"""

import dataclasses
import difflib
import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from hotfire.errors import SetupError, UsageError
from hotfire.model.check import Judged, said_together
from hotfire.model.event import (
    Event,
    FindingConfirmed,
    PathEnded,
    PathFailed,
    PathSurveyed,
    RunEnded,
    RunStarted,
    StepMeasured,
    TrialEnded,
    TrialsWatched,
    UnknownMet,
)
from hotfire.model.history import Baseline
from hotfire.model.run import PathResult, Run
from hotfire.model.step import CriticalPath

FOLDER = ".hotfire"
LATEST = "latest"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTrial:
    """One trials/ID.json: the trial as checks know it, so that a stored run can be judged again.

    `baseline` is the name of a file under baselines/, without its suffix.
    """

    judged: Judged
    baseline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A stored run with the way to its trials."""

    run: Run
    folder: Path

    def trial_ids(self) -> list[str]:
        """The ids of all trials that ended, sorted."""
        return sorted(file.stem for file in (self.folder / "trials").glob("*.json") if "." not in file.stem)

    def trial(self, prefix: str) -> StoredTrial:
        """The trial whose id begins with `prefix`.

        Raises:
            UsageError: none does, or more than one.
        """
        return _read(self.folder / "trials" / f"{self._one(prefix)}.json", StoredTrial)

    def baseline(self, stored: StoredTrial) -> Baseline | None:
        """What the trial was compared with; None where it had none."""
        return _read(self.folder / "baselines" / f"{stored.baseline}.json", Baseline) if stored.baseline else None

    def baselines(self) -> list[Baseline]:
        """The undisturbed runs of every step, in the order of their files' names."""
        return [_read(file, Baseline) for file in sorted((self.folder / "baselines").glob("*.json"))]

    def _one(self, prefix: str) -> str:
        ids = self.trial_ids()
        if prefix in ids:
            return prefix
        matching = [each for each in ids if prefix and each.startswith(prefix)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            hint = f"write more of it: {', '.join(matching[:5])}"
            raise UsageError(f"{len(matching)} trials of run {self.run.id} begin with {prefix!r}", hint=hint)
        near = difflib.get_close_matches(prefix, ids, n=3, cutoff=0.4)
        hint = f"the nearest are {', '.join(near)}" if near else f"run {self.run.id} holds {len(ids)} trials"
        raise UsageError(f"run {self.run.id} has no trial {prefix!r}", hint=f"{hint}; findings name their trials")


@dataclass(slots=True)
class Archive:
    """Writes a run as it happens. `root` is the project's .hotfire folder."""

    root: Path
    run: Run | None = None
    _paths: dict[str, PathResult] = field(default_factory=dict)
    _baselines: dict[int, tuple[Baseline, str]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The run's folder, once it has started."""
        return self.root / (self.run.id if self.run else LATEST)

    def on(self, event: Event) -> None:
        """Write what the event brings.

        Raises:
            SetupError: it cannot be written: a folder that is none, a full disk.
        """
        try:
            self._keep(event)
        except OSError as error:
            hint = "let it be a folder that you may write to, with room on its disk"
            raise SetupError(f"the run cannot be kept in {self.root}: {error.strerror}", hint=hint) from error

    def _keep(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._begin(event.run)
            case StepMeasured():
                self._name_of(event.baseline)
            case TrialEnded() | TrialsWatched():
                self._store_trials(event)
            case PathSurveyed():
                survey = event.survey
                self._put(PathResult(path=survey.path, steps=survey.steps, seconds=survey.seconds))
            case FindingConfirmed():
                path = self._path(event.finding.path)
                self._put(dataclasses.replace(path, findings=(*path.findings, event.finding)))
            case UnknownMet():
                path = self._path(event.unknown.path)
                self._put(dataclasses.replace(path, unknowns=(*path.unknowns, event.unknown)))
            case PathFailed():
                self._put(dataclasses.replace(self._path(event.path), mistake=event.mistake.problem))
            case PathEnded():
                self._put(event.result)
            case RunEnded():
                self.run = event.run
                self._write("run.json", event.run)
            case _:
                pass

    def write_report(self, name: str, text: str) -> Path:
        """Store a report beside the run it tells of."""
        file = self.folder / name
        _replace(file, text.encode())
        return file

    def _begin(self, run: Run) -> None:
        self.run = run
        for folder in (self.root, self.folder, self.folder / "trials", self.folder / "baselines"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.root / ".gitignore").exists():
            _replace(self.root / ".gitignore", b"*\n")
        self._write("run.json", run)
        _link(self.root / LATEST, run.id)

    def _path(self, name: str) -> PathResult:
        unheard = CriticalPath(name=name, owner="", expected="", rollback="", actors=())
        return self._paths.get(name) or PathResult(path=unheard)

    def _put(self, result: PathResult) -> None:
        self._paths[result.path.name] = result
        if self.run:
            self._write("run.json", dataclasses.replace(self.run, paths=tuple(self._paths.values())))

    def _store_trials(self, event: TrialEnded | TrialsWatched) -> None:
        if isinstance(event, TrialsWatched):
            self._add_said(event)
            return
        stored = StoredTrial(judged=event.judged, baseline=self._name_of(event.baseline))
        self._write(f"trials/{self._free_name(event.judged.trial.id)}.json", stored)

    def _add_said(self, event: TrialsWatched) -> None:
        """Put what one more check said beside what stands; an undisturbed run has no file before it is watched."""
        for judged in event.judged:
            file = self.folder / "trials" / f"{judged.trial.id}.json"
            if not file.exists():
                stored = StoredTrial(judged=judged, baseline=self._name_of(event.baseline))
            elif not judged.silent:
                first = _read(file, StoredTrial)
                stored = dataclasses.replace(first, judged=said_together((first.judged, judged)))
            else:
                continue
            _replace(file, msgspec.json.encode(stored))

    def _free_name(self, identifier: str) -> str:
        name, number = identifier, 1
        while (self.folder / "trials" / f"{name}.json").exists():
            number += 1
            name = f"{identifier}.{number}"
        return name

    def _name_of(self, baseline: Baseline) -> str:
        """The file's name of a baseline, which is written when it is met first."""
        known = self._baselines.get(id(baseline))
        if known:
            return known[1]
        content = msgspec.json.encode(baseline)
        name = f"{_plain(baseline.path.name)}-{hashlib.sha256(content).hexdigest()[:12]}"
        self._baselines[id(baseline)] = (baseline, name)  # kept, so that its id() is not given to another
        _replace(self.folder / "baselines" / f"{name}.json", content)
        return name

    def _write(self, name: str, value: object) -> None:
        _replace(self.folder / name, msgspec.json.encode(value))


def load_run(root: Path, run_id: str = LATEST) -> Record:
    """Read a stored run, a finished one or one that was interrupted.

    Raises:
        UsageError: there is no such run, or its run.json cannot be read.
    """
    folder = root / run_id
    if not (folder / "run.json").is_file():
        raise _no_run(root, run_id)
    return Record(run=_read(folder / "run.json", Run), folder=folder.resolve())


def load_trial(root: Path, prefix: str, run_id: str = "") -> tuple[Record, StoredTrial]:
    """Find a trial by its id or the beginning of it: in one run, or in the newest run that has it.

    Raises:
        UsageError: no run has it, or it begins more than one.
    """
    if run_id:
        record = load_run(root, run_id)
        return record, record.trial(prefix)
    records = [load_run(root, name) for name in run_ids(root)] or [load_run(root)]
    for record in records:
        if any(prefix and each.startswith(prefix) for each in record.trial_ids()):
            return record, record.trial(prefix)
    return records[0], records[0].trial(prefix)


def run_ids(root: Path) -> list[str]:
    """The stored runs, the newest first."""
    folders = [each.parent for each in root.glob("*/run.json") if each.parent.name != LATEST]
    begun = {folder.name: _read(folder / "run.json", Run).started for folder in folders}
    return sorted(begun, key=lambda name: (begun[name], name), reverse=True)


def _no_run(root: Path, run_id: str) -> UsageError:
    known = run_ids(root)
    if not known:
        return UsageError(f"{root} holds no run", hint="fire the service first: hotfire check")
    near = difflib.get_close_matches(run_id, known, n=3, cutoff=0.4) or known[:3]
    return UsageError(f"there is no run {run_id!r} in {root}", hint=f"the nearest are {', '.join(near)}")


def _read(file: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError as error:
        hint = "the archive was changed by hand, or its run was interrupted; run `hotfire check` again"
        raise UsageError(f"{file} is gone", hint=hint) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "it was written by another version of hotfire; run `hotfire check` again"
        raise UsageError(f"{file} cannot be read: {error}", hint=hint) from error


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole: under another name first, then moved."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    fresh.replace(file)


def _link(link: Path, target: str) -> None:
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:60]
