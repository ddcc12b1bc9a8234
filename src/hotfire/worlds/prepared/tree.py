"""Folders by content: each file's name and digest, so that a copy elsewhere and a touched file come to the same.

Files under 64 kB are read each time. Larger ones are remembered by size, times and inode, all of which the kernel
keeps; a file that changed less than two seconds ago is not, for its times cannot tell it from its next version.
"""

import hashlib
import json
import os
import secrets
import stat
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Files: TypeAlias = dict[str, str]  # a name relative to its root → what it holds
Left: TypeAlias = Callable[[str, os.DirEntry[str]], bool]  # whether an entry, by its relative name, is not looked at

MOST_FILES = 20_000
MOST_BYTES = 512 * 2**20
REMEMBERED_FROM = 64 * 2**10
UNSETTLED = 2 * 10**9  # nanoseconds
NOT_READ = frozenset({".git", ".hg", ".svn", ".hotfire", "node_modules", "__pycache__", ".tox", ".nox"})
CACHES = frozenset({".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".idea", ".vscode"})


class NoKey(Exception):  # noqa: N818  (an answer, not a fault: `prepare` runs, as it did before there was a cache)
    """Why what `prepare` depends on cannot be told."""


@dataclass(slots=True, kw_only=True)
class Memory:
    """Digests of large files, by path, kept in one file between runs."""

    file: Path | None = None
    known: dict[str, list[int | str]] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def load(cls, file: Path) -> "Memory":
        """What was kept; nothing, where it cannot be read."""
        try:
            known = json.loads(file.read_bytes())
        except (OSError, ValueError):
            known = {}
        return cls(file=file, known=known if isinstance(known, dict) else {})

    def save(self) -> None:
        """Keep what was learned, for files that are still there."""
        if self.file is None or not self.changed:
            return
        fresh = self.file.with_name(f".{self.file.name}-{secrets.token_hex(6)}")
        kept = {path: record for path, record in self.known.items() if Path(path).exists()}
        with suppress(OSError):  # a memory that cannot be written is only slower
            fresh.write_text(json.dumps(kept), encoding="utf-8")
            fresh.replace(self.file)


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads folders, up to a limit that all of them share."""

    memory: Memory = field(default_factory=Memory)
    files: int = 0
    bytes: int = 0

    def tree(self, root: Path, left: Left | None = None) -> Files:
        """All that lies below a folder, or one file. NoKey where it is too much; OSError where it cannot be read."""
        if root.is_file():
            return {root.name: self._content(root)}
        if not root.is_dir():
            return {root.name: "special"}
        found: Files = {}
        self._walk(root, "", found, left, {str(root.resolve())})
        return found

    def _walk(self, folder: Path, prefix: str, found: Files, left: Left | None, above: Collection[str]) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = f"{prefix}{entry.name}"
                if _never_read(entry) or (left and left(name, entry)):
                    continue
                self._count(0)
                if not entry.is_dir():
                    found[name] = self._content(Path(entry.path))
                elif (real := os.path.realpath(entry.path)) in above:  # a link to a folder that it lies in
                    found[f"{name}/"] = "round"
                elif not Path(entry.path, "pyvenv.cfg").exists():
                    found[f"{name}/"] = ""
                    self._walk(Path(entry.path), f"{name}/", found, left, {*above, real})

    def _content(self, path: Path) -> str:
        try:
            status = path.stat()
        except FileNotFoundError:  # a link that leads nowhere
            return f"lost {path.readlink()}" if path.is_symlink() else "lost"
        return self._digest(path, status) if stat.S_ISREG(status.st_mode) else "special"

    def _digest(self, path: Path, status: os.stat_result) -> str:
        self._count(status.st_size)
        executable = "x" if status.st_mode & 0o111 else "-"
        if status.st_size < REMEMBERED_FROM:
            return executable + hashlib.blake2b(path.read_bytes(), digest_size=20).hexdigest()
        traits: list[int | str] = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self.memory.known.get(str(path), [""])
        if known[:-1] == traits:
            return executable + str(known[-1])
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=20)).hexdigest()
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > UNSETTLED:
            self.memory.known[str(path)] = [*traits, digest]
            self.memory.changed = True
        return executable + digest

    def _count(self, size: int) -> None:
        self.files += 1
        self.bytes += size
        if self.files > MOST_FILES or self.bytes > MOST_BYTES:
            raise NoKey(f"there are more than {MOST_FILES} files or {MOST_BYTES >> 20} MB that it may read")


def _never_read(entry: os.DirEntry[str]) -> bool:
    return entry.name in NOT_READ or entry.name in CACHES or entry.name.endswith((".pyc", ".pyo"))
