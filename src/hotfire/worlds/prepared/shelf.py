"""What `prepare` left, on the user's disk: the server's data directory at rest, one folder for each key.

`$XDG_CACHE_HOME/hotfire/prepared` (or ~/.cache/…), mode 0700, for it holds the team's seed data. An entry is written
beside its name and renamed. It is held by a lock while it is copied; what is held is not removed. The oldest go first:
by project, and where all of them together are too large. To clear it, remove the folder.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from hotfire.worlds.prepared.copying import Manifest, Torn, get, mentions, put
from hotfire.worlds.prepared.key import Key
from hotfire.worlds.prepared.tree import Files, Memory
from hotfire.worlds.stores.process import Account

OF_ONE_PROJECT = 3
LIMIT = 2 * 2**30  # bytes
SECONDS = 4 * 3600.0  # what was seeded "an hour from now" must not grow too old
ABANDONED = 3600.0
_RECORD = "entry.json"
_DATA = "data"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one entry.

    `place` is the project's folder, where the data names it; `base` the folder that its other files are taken from;
    `size` counts the bytes of its own files.
    """

    key: str
    project: str
    place: str
    base: str
    made: float
    size: int
    files: Files
    manifest: Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What is read of each entry to choose among them; a shelf holds hundreds, and each names a thousand files."""

    project: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The folder of all entries of this user."""

    root: Path

    @classmethod
    def open(cls) -> "Shelf | None":
        """Make the folder; None where it cannot be written, or is not this user's alone."""
        root = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "hotfire" / "prepared"
        with suppress(OSError):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = root.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077:
                return cls(root=root)
        return None

    def memory(self, project: Path) -> Memory:
        """What is remembered of the project's large files."""
        return Memory.load(self.root / f"{_name(str(project))}.memory")

    def find(self, key: Key) -> Path | None:
        """The entry of this key, if there is one that may be used now."""
        now = time.time()
        for name in (key.digest, f"{key.digest}-{_name(str(key.project))}"):
            entry = _read(self.root / name, Entry)
            if entry and entry.place in ("", str(key.project)) and 0 <= now - entry.made < SECONDS:
                return self.root / name
        return None

    def take(self, entry: Path, target: Path, account: Account | None) -> None:
        """Copy an entry's data to a new folder. Torn where it is broken, or just being removed."""
        with _held(entry, fcntl.LOCK_SH) as held:
            known = _read(entry, Entry) if held else None
            if known is None:
                raise Torn(entry.name)
            try:
                get(entry / _DATA, target, Path(known.base), known.manifest, account)
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                raise
            os.utime(entry / _RECORD)

    def keep(self, key: Key, data: Path, base: Path) -> None:
        """Put a data directory at rest on the shelf, in place of an older entry. OSError where there is no room."""
        fresh = self.root / f".new-{secrets.token_hex(6)}"
        try:
            fresh.mkdir(mode=0o700)
            manifest = put(data, fresh / _DATA, base)
            words = [os.fsencode(path) for path in {str(key.project), os.path.realpath(key.project)}]
            place = str(key.project) if mentions(fresh / _DATA, manifest, words) else ""
            size = sum(size for size, _, own in manifest.values() if own)
            entry = Entry(
                key=key.digest,
                project=str(key.project),
                place=place,
                base=str(base),
                made=time.time(),
                size=size,
                files=key.files,
                manifest=manifest,
            )
            (fresh / _RECORD).write_text(json.dumps(asdict(entry)), encoding="utf-8")
            name = self.root / (f"{key.digest}-{_name(place)}" if place else key.digest)
            self.drop(name)
            with suppress(OSError):  # another engine has just put the same there
                fresh.rename(name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        self.prune()

    def changed(self, key: Key) -> str:
        """A file that differs from the project's newest entry, as "notes.txt"; empty where no file does."""
        newest = next((path for path, head in self._entries() if head.project == str(key.project)), None)
        before = _read(newest, Entry) if newest else None
        return min((name for name, _ in before.files.items() ^ key.files.items()), default="") if before else ""

    def prune(self) -> None:
        """Remove the oldest, beyond the latest few of each project and beyond the limit, and what was half-written."""
        total, of_project = 0, dict[str, int]()
        for path, head in self._entries():
            total += head.size
            of_project[head.project] = of_project.get(head.project, 0) + 1
            if of_project[head.project] > OF_ONE_PROJECT or total > LIMIT:
                self.drop(path)
        for path in self.root.glob(".*-*"):
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > ABANDONED:
                    shutil.rmtree(path)

    def drop(self, entry: Path) -> None:
        """Remove an entry, unless somebody is copying it."""
        with _held(entry, fcntl.LOCK_EX) as held:
            if held:
                away = self.root / f".old-{secrets.token_hex(6)}"
                with suppress(OSError):
                    entry.rename(away)
                    shutil.rmtree(away)

    def _entries(self) -> list[tuple[Path, _Head]]:
        """All, the one that was used last first."""
        found: list[tuple[float, Path, _Head]] = []
        for path in self.root.iterdir():
            if path.name.startswith(".") or not path.is_dir():
                continue
            head = _read(path, _Head)
            if head is None:
                self.drop(path)
                continue
            with suppress(OSError):
                found.append(((path / _RECORD).stat().st_mtime, path, head))
        return [(path, head) for _, path, head in sorted(found, key=lambda each: each[0], reverse=True)]


def _read(entry: Path, kind: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode((entry / _RECORD).read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


@contextmanager
def _held(entry: Path, how: int) -> Iterator[bool]:
    """Hold an entry's folder, for reading or alone; false where somebody else does, or it is not there."""
    try:
        lock = os.open(entry, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)


def _name(project: str) -> str:
    """A project's folder as a short name, by which nothing is told of it."""
    return hashlib.blake2b(os.fsencode(project), digest_size=8).hexdigest()
