"""A file is copied, by reflink where the file system can: both share their blocks until one is written."""

import fcntl
import shutil
from pathlib import Path

_FICLONE = 0x40049409  # linux/fs.h


def copy(source: Path, target: Path) -> None:
    """One file, with its mode."""
    with source.open("rb") as old, target.open("wb") as new:
        try:
            fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
        except OSError:
            shutil.copyfileobj(old, new, 1 << 20)
    shutil.copymode(source, target)
