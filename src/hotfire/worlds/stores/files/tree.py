"""A folder as a list of what lies in it, which can be kept and brought back: files, empty folders, links, exactly.

Contents are kept once for a run, in a folder of their own, by their digest (sha256). A file whose inode, size and times
are those of the last look is not read again, so that a look at a folder costs little more than listing it.
"""

import hashlib
import itertools
import os
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hotfire.worlds.stores.reflink import copy

_TICKS = 50_000_000  # nanoseconds; a tick of the kernel's coarse clock is at most 10 ms
_NUMBERS = itertools.count()

Kind = Literal["file", "folder", "link", "special"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What lies at a path. `content`: a file's digest, a link's target; `modified`: nanoseconds since 1970."""

    kind: Kind
    mode: int = 0
    size: int = 0
    content: str = ""
    modified: int = 0


Index = dict[str, Entry]
"""What lies in a folder, by the path relative to it; a folder before what is in it."""


class Tree:
    """A folder of one world, and the folder in which contents are kept."""

    def __init__(self, folder: Path, contents: Path) -> None:
        self.folder = folder
        self._contents = contents
        self._known: dict[str, tuple[tuple[int, ...], str]] = {}

    def look(self) -> Index:
        """What lies there now; nobody should be writing."""
        return self._index(keep=False)

    def keep(self) -> Index:
        """As `look`, and every content is kept, so that it can be brought back."""
        self._contents.mkdir(parents=True, exist_ok=True)
        return self._index(keep=True)

    def kept(self, digest: str) -> Path:
        """Where a content is kept."""
        return self._contents / digest

    def bring(self, wanted: Index) -> None:
        """Bring the folder to what was kept: what differs is made anew, what is too much is removed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        present = self.look()
        for path in reversed(present):
            if path not in wanted or wanted[path].kind != present[path].kind:
                _remove(self.folder / path)
        for path, entry in wanted.items():
            here = present.get(path)
            if here != entry:
                self._make(self.folder / path, entry, here)

    def _make(self, path: Path, entry: Entry, here: Entry | None) -> None:
        match entry.kind:
            case "folder":
                path.mkdir(exist_ok=True)
                path.chmod(entry.mode)
            case "link":
                if here is None or here.content != entry.content:
                    path.unlink(missing_ok=True)
                    path.symlink_to(entry.content)
            case "file":
                if here is None or here.kind != "file" or here.content != entry.content:
                    path.unlink(missing_ok=True)  # another name of it keeps what it has
                    copy(self.kept(entry.content), path)
                path.chmod(entry.mode)
                os.utime(path, ns=(entry.modified, entry.modified))
            case "special":
                pass  # a socket, a pipe: nobody can bring it back

    def _index(self, *, keep: bool) -> Index:
        found: Index = {}
        if self.folder.is_dir():
            for path, status in _walk(self.folder, ""):
                found[path] = self._entry(path, status, keep=keep)
        self._known = {path: known for path, known in self._known.items() if path in found}
        return found

    def _entry(self, path: str, status: os.stat_result, *, keep: bool) -> Entry:
        mode = stat.S_IMODE(status.st_mode)
        if stat.S_ISDIR(status.st_mode):
            return Entry(kind="folder", mode=mode)
        if stat.S_ISLNK(status.st_mode):
            return Entry(kind="link", content=str((self.folder / path).readlink()))
        if not stat.S_ISREG(status.st_mode):
            return Entry(kind="special")
        digest = self._digest(path, status, keep=keep)
        return Entry(kind="file", mode=mode, size=status.st_size, content=digest, modified=status.st_mtime_ns)

    def _digest(self, path: str, status: os.stat_result, *, keep: bool) -> str:
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known, digest = self._known.get(path, ((), ""))
        if known != stamp or (keep and not self.kept(digest).exists()):
            digest = self._take(self.folder / path) if keep else _digest_of(self.folder / path)
        if time.time_ns() - status.st_ctime_ns > _TICKS:  # else another write may leave the same times
            self._known[path] = (stamp, digest)
        return digest

    def _take(self, file: Path) -> str:
        """Keep a content under its digest, which is that of the copy: what is kept is whole."""
        draft = self._contents / f".{os.getpid()}-{next(_NUMBERS)}"
        copy(file, draft)
        digest = _digest_of(draft)
        draft.chmod(stat.S_IRUSR | stat.S_IWUSR)
        draft.replace(self.kept(digest))
        return digest


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            status = entry.stat(follow_symlinks=False)
            yield prefix + entry.name, status
            if stat.S_ISDIR(status.st_mode):
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")


def _digest_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
