"""What a run of hotfire has on the machine: processes, namespaces, sockets, shared memory, directories."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hotfire.worlds.marks import started
from tests.robust.project import PATIENCE, Project

PROC = Path("/proc")


@dataclass(frozen=True, slots=True, order=True)
class Process:
    """A process, with its start time: its number may be given to another."""

    pid: int
    started: int
    says: str

    @property
    def name(self) -> str:
        """As ps and top tell it."""
        with suppress(OSError):
            return (PROC / str(self.pid) / "comm").read_text(encoding="utf-8", errors="replace").rstrip()
        return ""

    @property
    def alive(self) -> bool:
        return started(self.pid) == self.started


def processes(project: Project) -> set[Process]:
    """Everything that runs in, from or for the project's folder: engine, worlds, zygotes, services, servers."""
    top = os.fsencode(project.room.parent)
    own = os.getpid()
    found = set()
    for folder in PROC.iterdir():
        if folder.name.isdecimal() and int(folder.name) != own:
            with suppress(OSError):
                if any(top in text for text in _texts(folder)):
                    says = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:100]
                    found.add(Process(int(folder.name), started(int(folder.name)) or 0, says))
    return {process for process in found if process.started}


def _texts(folder: Path) -> Iterator[bytes]:
    for name in ("cmdline", "environ"):
        yield (folder / name).read_bytes()
    yield os.fsencode((folder / "cwd").readlink())


def namespaces(of: set[Process]) -> set[str]:
    """The network namespaces of these processes, but for our own."""
    found = set()
    for process in of:
        with suppress(OSError):
            found.add(str((PROC / str(process.pid) / "ns" / "net").readlink()))
    return found - {str((PROC / "self/ns/net").readlink())}


def now() -> int:
    """This moment as processes' start times are told (proc(5), stat, field 22)."""
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK"))


def inhabited(namespace_names: set[str], since: int) -> set[str]:
    """Those that somebody who was there at `since` still lives in, or that are kept by a mount.

    The kernel gives the number of one that is gone to the next.
    """
    found = set()
    for folder in PROC.iterdir():
        if folder.name.isdecimal() and (started(int(folder.name)) or 0) <= since:
            with suppress(OSError):
                found.add(str((folder / "ns" / "net").readlink()))
    kept = (PROC / "self/mountinfo").read_text(encoding="utf-8", errors="replace")
    return {name for name in namespace_names if name in found or name in kept}


def shared_memory(of: set[Process]) -> list[str]:
    """System V segments that these processes made (proc(5), sysvipc/shm: the creator's pid is field 5)."""
    pids = {str(process.pid) for process in of}
    lines = (PROC / "sysvipc/shm").read_text(encoding="ascii").splitlines()[1:]
    return [line for line in lines if line.split()[4] in pids]


def directories(project: Project) -> list[Path]:
    """What runs keep in the room."""
    return sorted(each for folder in project.room.iterdir() for each in (folder.iterdir() if folder.is_dir() else ()))


def sockets(project: Project) -> list[str]:
    """Unix sockets with a name in the project's folders."""
    lines = (PROC / "net/unix").read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if str(project.room.parent) in line]


def wait(condition: Callable[[], bool], deadline: float = PATIENCE) -> bool:
    """Look again and again until the condition holds; whether it did."""
    end = time.monotonic() + deadline
    while not (holds := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return holds


def nothing_left(project: Project, deadline: float = 30.0) -> None:
    """Fail with what is left on the machine of this project's runs."""
    wait(lambda: not processes(project), deadline)
    left = [*map(str, sorted(processes(project))), *map(str, directories(project)), *sockets(project)]
    assert not left, left
