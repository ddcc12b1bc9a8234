"""What the machine says: its load, and the processor time of a tree of processes (proc(5))."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def loop_ms() -> float:
    """Processor time of a fixed loop: where its middle is far over its least, neighbours slow the processor down."""
    begun = time.thread_time()
    for _ in range(60_000):
        pass
    return (time.thread_time() - begun) * 1000


def load() -> float:
    """How many processes ran or wanted to, over the last minute."""
    return round(os.getloadavg()[0], 2)


class Times:
    """Processor times of all processes at one moment, in ms."""

    def __init__(self) -> None:
        self._table = dict(_processes())
        self._below: dict[int, list[int]] = {}
        for pid, fields in self._table.items():
            self._below.setdefault(int(fields[1]), []).append(pid)

    def own(self, pid: int) -> float:
        """Of one process, without what it has reaped."""
        return self._sum(pid, 11, 13)

    def tree(self, root: int) -> float:
        """Of a process and its descendants, with what they have reaped."""
        return self._sum(root, 11, 15) + sum(map(self.tree, self._below.get(root, [])))

    def _sum(self, pid: int, first: int, end: int) -> float:
        return sum(map(int, self._table[pid][first:end])) * TICK_MS if pid in self._table else 0.0


def threads_ms(pid: int) -> float:
    """Processor time of the living threads of one process, to the nanosecond where the kernel tells it."""
    total = 0.0
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0]) / 1e6
    return total


def parent(pid: int) -> int:
    """The process that started this one."""
    return int(_fields(Path(f"/proc/{pid}/stat"))[1])


def _processes() -> Iterable[tuple[int, list[str]]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                yield int(folder.name), _fields(folder / "stat")


def _fields(stat: Path) -> list[str]:
    """The fields after the name: state, parent, …"""
    return stat.read_text(errors="replace").rpartition(")")[2].split()
