"""What hotfire makes on a machine carries a mark, and what a killed run left is swept at the next start.

A run directory is `hotfire-<uid>/<run id>/` in one of the places that `stores/room.py` names. Its file `mark` holds one
JSON line for each thing made: the owner first, then process groups and databases on servers that are not ours. A pid
counts only together with its start time, so a number that the kernel gave to a stranger is never killed. The owner
holds a lock on the mark while it lives, so that no second engine takes the name. DESIGN section 7.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import stat
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from hotfire.errors import SetupError, UsageError
from hotfire.worlds.stores.room import places

SOCKET_PATH_LIMIT = 60  # of the 107 bytes of a unix socket's path, what a run directory may use
SWEEP_PATIENCE = 3.0
TORN_AFTER = 60.0
DropDatabase = Callable[[str, str, str], Awaitable[None]]
"""Drops (dsn, database, run id), if it still carries that run's mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """A process by pid and start time (clock ticks since the machine started), and the signal that ends its group."""

    pid: int
    started: int
    end: int = signal.SIGKILL

    @property
    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return started(self.pid) == self.started


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseMark:
    """A database of ours on a server that is not ours."""

    dsn: str
    database: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one dead run had left: process groups ended, databases dropped, and what could not be removed."""

    run: str
    processes: tuple[int, ...]
    databases: tuple[str, ...]
    trouble: tuple[str, ...] = ()


def started(pid: int) -> int | None:
    """When a process started, in clock ticks since the machine did; None where there is none (proc(5), field 22)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name, in brackets, may hold anything
    return None if fields[0] in "ZX" else int(fields[19])


def runs_folder() -> Path:
    """The folder of all runs of this user; made, and refused where it belongs to somebody else."""
    folder = _parent() / f"hotfire-{os.getuid()}"
    mode = 0o711 if os.getuid() == 0 else 0o700  # root's servers run as another user and must pass
    with suppress(FileExistsError):
        folder.mkdir(mode=mode)
        folder.chmod(mode)
    if not _ours(folder):
        hint = "remove it, or set TMPDIR to a folder of your own"
        raise SetupError(f"{folder} is not a folder that only you can write to", hint=hint)
    return folder


def _ours(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _parent() -> Path:
    for folder in places():
        if folder.is_dir() and os.access(folder, os.W_OK) and len(str(folder)) < SOCKET_PATH_LIMIT:
            return folder
    hint = "set TMPDIR to a folder with a short path that you can write to"
    raise SetupError("no temporary folder is short enough for a unix socket", hint=hint)


class RunDirectory:
    """The directory of one run, ours alone, locked while we live."""

    def __init__(self, path: Path, lock: int, *, ours: bool = True) -> None:
        self.path = path
        self._lock = lock
        self._ours = ours

    @property
    def run(self) -> str:
        """The run's id: what each mark of it says."""
        return self.path.name

    @classmethod
    def open(cls, run: str = "") -> Self:
        """Make the directory; a name in use by a living engine is refused (UsageError)."""
        run = run or secrets.token_hex(4)
        if not re.fullmatch(r"[a-z0-9_-]{1,24}", run):
            hint = "use up to 24 lower-case letters, digits, - and _"
            raise UsageError(f"{run!r} cannot name a run", hint=hint)
        path = runs_folder() / run
        fresh = path.with_name(f".new-{secrets.token_hex(6)}")  # renamed when its mark is whole
        fresh.mkdir(mode=0o700)
        fresh.chmod(0o711 if os.getuid() == 0 else 0o700)
        lock = os.open(fresh / "mark", os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        directory = cls(path, lock)
        directory._write("owner", ProcessMark(pid=os.getpid(), started=started(os.getpid()) or 0))
        try:
            fresh.rename(path)
        except OSError as error:
            os.close(lock)
            shutil.rmtree(fresh)
            hint = "wait for it to end, or remove the folder if no hotfire runs"
            raise UsageError(f"another hotfire holds the run {run!r} ({path})", hint=hint) from error
        return directory

    @classmethod
    def join(cls, path: Path) -> Self:
        """Note things, from a world's process, in the directory of the engine that started it."""
        return cls(path, os.open(path / "mark", os.O_WRONLY | os.O_APPEND), ours=False)

    def mark_process(self, pid: int, end: int = signal.SIGKILL) -> None:
        """Note a process group that must not outlive us; `pid` leads it."""
        self._write("process", ProcessMark(pid=pid, started=started(pid) or 0, end=end))

    def mark_database(self, dsn: str, database: str) -> None:
        """Note a database of ours on a server that is not ours. The DSN stays in this folder, closed to others."""
        self._write("database", DatabaseMark(dsn=dsn, database=database))

    def close(self) -> None:
        """Remove all; where we only joined, leave it."""
        if self._ours:
            remove_tree(self.path)
        os.close(self._lock)

    def _write(self, kind: str, mark: ProcessMark | DatabaseMark) -> None:
        os.write(self._lock, json.dumps([kind, asdict(mark)]).encode() + b"\n")


async def sweep(drop: DropDatabase) -> list[Swept]:
    """End, drop and remove what runs left whose owner is gone. Reports each of them."""
    return [await _sweep_one(path, lock, drop) for path, lock in _abandoned()]


def _abandoned() -> Iterator[tuple[Path, int]]:
    folders = {(folder / f"hotfire-{os.getuid()}").absolute() for folder in places()}
    for path in sorted(path for folder in folders if _ours(folder) for path in folder.iterdir()):
        try:
            lock = os.open(path / "mark", os.O_RDWR)
        except OSError:
            continue
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held: its owner, or another sweeper, is at it
            owners = _marks(path)[0]
            if not any(owner.alive for owner in owners) and (owners or _old(path)):
                yield path, lock
                continue
        os.close(lock)


def _old(path: Path) -> bool:
    """A mark without an owner may be one that is just being written."""
    return time.time() - path.stat().st_mtime > TORN_AFTER


def _marks(path: Path) -> tuple[list[ProcessMark], list[ProcessMark], list[DatabaseMark]]:
    """Owners (none, where the mark is torn), processes and databases."""
    owners: list[ProcessMark] = []
    processes: list[ProcessMark] = []
    databases: list[DatabaseMark] = []
    for line in (path / "mark").read_text(encoding="utf-8").splitlines():
        with suppress(ValueError, TypeError):  # a line cut short by the owner's death names nothing
            kind, fields = json.loads(line)
            if kind == "database":
                databases.append(DatabaseMark(**fields))
            else:
                (owners if kind == "owner" else processes).append(ProcessMark(**fields))
    return owners, processes, databases


async def _sweep_one(path: Path, lock: int, drop: DropDatabase) -> Swept:
    _, processes, databases = _marks(path)
    living = [mark for mark in processes if mark.alive]
    end_processes(living)
    dropped: list[str] = []
    trouble: list[str] = []
    for mark in databases:
        try:
            await drop(mark.dsn, mark.database, path.name)
        except Exception as error:  # noqa: BLE001  (one unreachable server must not stop the sweep)
            trouble.append(f"database {mark.database}: {error}")
        else:
            dropped.append(mark.database)
    if not trouble:  # else the mark is kept, and the next start tries again
        remove_tree(path)
    os.close(lock)
    pids = tuple(mark.pid for mark in living)
    return Swept(run=path.name, processes=pids, databases=tuple(dropped), trouble=tuple(trouble))


def end_processes(marks: list[ProcessMark], patience: float = SWEEP_PATIENCE) -> None:
    """End these process groups: each with its own signal, then, after `patience` seconds, with SIGKILL."""
    for mark in marks:
        _signal_group(mark, mark.end)
    deadline = time.monotonic() + patience
    while any(mark.alive for mark in marks) and time.monotonic() < deadline:
        time.sleep(0.005)
    for mark in marks:
        _signal_group(mark, signal.SIGKILL)


def _signal_group(mark: ProcessMark, number: int) -> None:
    if mark.alive:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(mark.pid, number)


def remove_tree(path: Path) -> None:
    """Remove a folder in which a dying process may still write for a moment."""
    for _ in range(50):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        time.sleep(0.01)
