"""Rest: a world waits for a clock or for somebody's time-out, and another may have its core meanwhile (DESIGN §6).

It is seen, not guessed from what a trial is: a client that tries again in a second, a pool that mends itself, a clean
run that is to begin in another second. Between two looks next to nothing was done, and nobody wants to run. Where we
look late, cores are scarce, and nobody knows.
"""

import asyncio
import os
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_BETWEEN = 0.2  # seconds from one look to the next
_NOTHING = 0.025  # seconds of processor time meanwhile that are next to nothing: the kernel counts in hundredths
_LATE = 0.25  # seconds between two looks that nobody should have been kept waiting for
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_WAITING = set("SI")  # states of proc(5): asleep until something comes
_ENDED = "Z"  # and not yet taken leave of
_STATE, _SESSION, _USER, _SYSTEM = 0, 3, 11, 12  # fields behind a process's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the service's processes and our own had `spent` by the moment `at`, seconds; `asleep`: all the service's."""

    at: float
    pids: frozenset[int]
    spent: float
    asleep: bool


async def rest(service: Callable[[], Collection[int]]) -> None:
    """Wait until this world rests; `service` tells the pids of the service's processes, none where nobody knows."""
    before = look(service())
    while True:
        await asyncio.sleep(_BETWEEN)
        now = look(service())
        if rests(before, now):
            return
        before = now


def rests(before: Look | None, now: Look | None) -> bool:
    """Whether next to nothing was done from one look to the next."""
    if before is None or now is None or not now.asleep or now.at - before.at > _LATE:
        return False
    return now.pids == before.pids and now.spent - before.spent <= _NOTHING


def look(pids: Collection[int]) -> Look | None:
    """Look at these processes; None where there are none, where one has ended, or where nobody tells (macOS)."""
    try:
        stats = [_stat(pid) for pid in pids]
    except OSError:
        return None
    if not stats:
        return None
    spent = sum(int(stat[_USER]) + int(stat[_SYSTEM]) for stat in stats) * _TICK
    asleep = all(stat[_STATE] in _WAITING for stat in stats)
    return Look(at=time.monotonic(), pids=frozenset(pids), spent=spent + time.process_time(), asleep=asleep)


def asleep(pids: Collection[int]) -> bool:
    """Whether each thread of these processes waits for something other than a core, as far as the kernel tells."""
    try:
        threads = [each for pid in pids for each in Path(f"/proc/{pid}/task").iterdir()]
        return all(_fields(each / "stat")[_STATE] in _WAITING for each in threads)
    except OSError:
        return True


def session_of(leaders: Collection[int]) -> list[int]:
    """The living processes of the sessions that these lead, whoever started them: the workers of a command, say."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):  # it is gone meanwhile
                stat = _fields(entry / "stat")
                if int(stat[_SESSION]) in leaders and stat[_STATE] != _ENDED:
                    found.append(int(entry.name))
    return found


def _stat(pid: int) -> list[str]:
    return _fields(Path(f"/proc/{pid}/stat"))


def _fields(stat: Path) -> list[str]:
    """Those behind the name, which may hold anything."""
    return stat.read_text(errors="replace").rpartition(")")[2].split()
