"""Where databases of ours lie: in memory, if there is plenty, else on the disk; where TMPDIR says, if it is set.

Making a server's thousand small files takes 0.05 s in memory, and up to a second on a busy disk.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PLENTY = 4 * 2**30
FULL = "set TMPDIR to a folder with a short path, on a disk that holds the template once more for each world"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (what lies in it is checked by marks.py)
MEMORY_INFO = Path("/proc/meminfo")
CONTROL_GROUP = Path("/sys/fs/cgroup")


def places() -> Iterator[Path]:
    """Folders in which a run directory may lie, the best first. All are looked through when runs are swept."""
    chosen = os.environ.get("TMPDIR")
    if chosen:
        yield Path(chosen)
    if _plenty(SHARED_MEMORY):
        yield SHARED_MEMORY
    own = os.environ.get("XDG_RUNTIME_DIR")
    if own and os.getuid() != 0 and _plenty(Path(own)):  # root's servers run as another user, who cannot pass there
        yield Path(own)
    yield from (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108  (likewise)


def _plenty(folder: Path) -> bool:
    try:
        status = os.statvfs(folder)
    except OSError:
        return False
    if os.getuid() == 0 and status.f_flag & getattr(os, "ST_NOEXEC", 0):  # programs may have to be copied to it
        return False
    return min(status.f_bavail * status.f_frsize, _available()) >= PLENTY


def _available() -> int:
    """Bytes of memory that are free to use, for the machine and for the container that we are in."""
    found = [PLENTY]
    with suppress(OSError, ValueError, IndexError):
        lines = MEMORY_INFO.read_text(encoding="ascii").splitlines()
        found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    with suppress(OSError, ValueError):  # "max": no limit
        limit = int((CONTROL_GROUP / "memory.max").read_text(encoding="ascii"))
        found.append(limit - int((CONTROL_GROUP / "memory.current").read_text(encoding="ascii")))
    return min(found)
