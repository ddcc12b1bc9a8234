"""A database's files, moved as one: the file, and what SQLite lays beside it. A live one is never opened by us.

A file at rest is copied with its write-ahead log or rollback journal, and the copy is opened, so that SQLite brings it
in order there; no lock of ours can ever meet one of the service's.
"""

import contextlib
import sqlite3
import time
from pathlib import Path

from hotfire.errors import HotfireError
from hotfire.worlds.stores.reflink import copy

ASIDE = ("-wal", "-journal")
_SHARED = "-shm"  # made anew by whoever opens the file first
_TRIES = 50
_TICKS = 50_000_000  # nanoseconds; a tick of the kernel's coarse clock is at most 10 ms
Stamp = tuple[tuple[int, int, int], ...]


def remove(path: Path) -> None:
    """A database and all that lies beside it."""
    for suffix in ("", *ASIDE, _SHARED):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def put_back(kept: Path, path: Path) -> None:
    """Bring a kept copy into place; nobody may have the file open."""
    remove(path)
    if kept.exists():
        copy(kept, path)


def keep(path: Path, kept: Path) -> None:
    """Copy a database at rest into one whole file. One that is not there yet leaves none.

    Raises:
        HotfireError: it is being written to all the time, or is no database.
    """
    remove(kept)
    for _ in range(_TRIES):
        before = stamp(path)
        for suffix in ("", *ASIDE):
            with contextlib.suppress(FileNotFoundError):
                copy(Path(f"{path}{suffix}"), Path(f"{kept}{suffix}"))
        if stamp(path) == before:
            _settle(kept)
            return
        remove(kept)
    raise HotfireError(
        f"{path.name} is written to all the time", hint="let the service come to rest between two requests"
    )


def stamp(path: Path) -> Stamp:
    """What changes whenever somebody writes: inode, size and time of each file."""
    found = []
    for suffix in ("", *ASIDE):
        with contextlib.suppress(FileNotFoundError):
            status = Path(f"{path}{suffix}").stat()
            found.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def settled(found: Stamp) -> bool:
    """Whether the last write is so long ago that another would show: a file's time is kept in coarse ticks."""
    return all(time.time_ns() - written > _TICKS for *_, written in found)


def _settle(kept: Path) -> None:
    """Let SQLite undo a journal that was left hot, and move the log into the file."""
    if not kept.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(kept, isolation_level=None)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError as problem:
        hint = "look at the file by hand: sqlite3 FILE 'PRAGMA integrity_check'"
        raise HotfireError(f"{kept.name} cannot be read: {problem}", hint=hint) from problem
    for suffix in (*ASIDE, _SHARED):
        Path(f"{kept}{suffix}").unlink(missing_ok=True)
