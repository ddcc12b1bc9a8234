"""A data directory is copied to the shelf and back, each file by size and checksum, so that a torn one is noticed.

A file that initdb made and nobody changed is not put on the shelf: it is taken from where initdb's own work is kept.
"""

import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from hotfire.worlds.stores.process import Account

Manifest: TypeAlias = dict[str, tuple[int, int, bool]]
"""Name → size, CRC-32, and whether it is the entry's own, not the base's; a folder's name ends with "/"."""
_PIECE = 1 << 22
_LAST_RUN = frozenset({"postmaster.pid", "postmaster.opts"})


class Torn(Exception):  # noqa: N818  (an answer: the entry is made anew)
    """What lies on the shelf is not what was put there."""


def put(source: Path, target: Path, base: Path) -> Manifest:
    """Copy a folder at rest to a new one. `base` holds what its files may be equal to."""
    target.mkdir(mode=0o700)
    manifest: Manifest = {}
    for name in names(source):
        if name.endswith("/"):
            (target / name).mkdir(mode=0o700)
            manifest[name] = (0, 0, False)
        elif same := _same(base / name, source / name):
            manifest[name] = (*same, False)
        else:
            manifest[name] = (*_copy(source / name, target / name), True)
    return manifest


def get(source: Path, target: Path, base: Path, manifest: Manifest, account: Account | None) -> None:
    """Copy a folder from the shelf, given to `account` if there is one. Torn where it is not what was put there."""
    target.mkdir(mode=0o700)
    _give(target, account)
    for name, (size, total, own) in manifest.items():
        try:
            if name.endswith("/"):
                (target / name).mkdir(mode=0o700)
            elif _copy((source if own else base) / name, target / name) != (size, total):
                raise Torn(name)
        except FileNotFoundError as error:
            raise Torn(name) from error
        _give(target / name, account)


def names(folder: Path, prefix: str = "") -> Iterator[str]:
    """All files and folders below, a folder before what is in it."""
    for entry in sorted(os.scandir(folder / prefix), key=lambda each: each.name):
        if entry.is_dir(follow_symlinks=False):
            yield f"{prefix}{entry.name}/"
            yield from names(folder, f"{prefix}{entry.name}/")
        elif entry.is_file(follow_symlinks=False) and entry.name not in _LAST_RUN:
            yield f"{prefix}{entry.name}"


def mentions(folder: Path, manifest: Manifest, words: list[bytes]) -> bool:
    """Whether a file of the entry's own holds one of the words; what the server compressed is not seen."""
    for name in (name for name, (_, _, own) in manifest.items() if own and not name.startswith("pg_wal/")):
        tail = b""
        with (folder / name).open("rb") as file:
            while piece := file.read(_PIECE):
                if any(word in tail + piece for word in words):
                    return True
                tail = piece[-4096:]
    return False


def _same(base: Path, source: Path) -> tuple[int, int] | None:
    """Size and checksum of a file that is equal to the base's; None where it is not."""
    size = total = 0
    try:
        with base.open("rb", buffering=0) as one, source.open("rb", buffering=0) as other:
            if os.fstat(one.fileno()).st_size != os.fstat(other.fileno()).st_size:
                return None
            while piece := other.read(_PIECE):
                if one.read(_PIECE) != piece:
                    return None
                size, total = size + len(piece), zlib.crc32(piece, total)
    except OSError:
        return None
    return size, total


def _copy(source: Path, target: Path) -> tuple[int, int]:
    size = total = 0
    with source.open("rb") as file, target.open("xb") as out:
        while piece := file.read(_PIECE):
            out.write(piece)
            size, total = size + len(piece), zlib.crc32(piece, total)
    target.chmod(0o600)
    return size, total


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        shutil.chown(path, account.uid, account.gid)
