"""SIGKILL hotfire at random instants: the next start must leave nothing of it, and no finished trial may be lost.

python -m tests.robust.kills --times 100 --seed 1
"""

import argparse
import random
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from hotfire.reports.archive import load_run, run_ids
from tests.robust import remains
from tests.robust.project import PATIENCE, Project, project

SWEPT = "starting the database server"  # the line that follows the sweep
_UNIQUE = "title text UNIQUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a killed engine left: it must be gone when the next has swept."""

    processes: set[remains.Process]
    namespaces: set[str]
    directories: list[Path]
    trials: int
    killed: int

    def still(self) -> list[str]:
        """What of it is there."""
        alive = [str(process) for process in sorted(self.processes) if process.alive]
        there = [str(path) for path in self.directories if path.exists()]
        return [
            *alive,
            *remains.inhabited(self.namespaces, self.killed),
            *there,
            *remains.shared_memory(self.processes),
        ]


def kill_once(target: Project, after: float, before: Left | None) -> Left:
    """Start, see that the start swept what the last one left, and kill `after` seconds after the start."""
    begun = time.monotonic()
    error = target.room.parent / "stderr"
    with error.open("w+") as said:
        engine = target.start("check", "-j", "2", stderr=said)
        if before:
            swept = remains.wait(lambda: SWEPT in error.read_text() or engine.poll() is not None)
            assert swept, "the start did not come to its sweep"
            assert SWEPT in error.read_text(), error.read_text()
            assert remains.wait(lambda: not before.still(), 30), before.still()
        time.sleep(max(0.0, begun + after - time.monotonic()))  # the instant is what this tries, not what it waits for
        engine.kill()
        killed = remains.now()
        out, _ = engine.communicate(timeout=PATIENCE)
    left = remains.processes(target)
    return Left(
        processes=left,
        namespaces=remains.namespaces(left),
        directories=remains.directories(target),
        trials=_readable(target, out),
        killed=killed,
    )


def _readable(target: Project, out: str) -> int:
    """Read every stored trial, and all that a told finding names; how many the last run has."""
    root = target.folder / ".hotfire"
    for run in run_ids(root) if root.is_dir() else ():
        record = load_run(root, run)
        for name in record.trial_ids():
            record.baseline(record.trial(name))
    newest = load_run(root, run_ids(root)[0]) if root.is_dir() and run_ids(root) else None
    for name in re.findall(r"hotfire replay (\w+)", out):
        assert newest, "a finding was told, and no run is stored"
        newest.trial(name)
    return len(newest.trial_ids()) if newest else 0


def length(target: Project) -> float:
    """How long a whole run takes, in seconds."""
    begun = time.monotonic()
    done = target.run("check", "-j", "2")
    assert done.code == 1, done
    return time.monotonic() - begun


def kills(times: int, seed: int, *, tell: bool = False) -> int:
    """Kill so many times; the trials that had ended by then, all together."""
    luck = random.Random(seed)  # noqa: S311  (luck from a seed)
    trials = 0
    with project() as target:
        service = (target.folder / "service.py").read_text().replace(" ON CONFLICT DO NOTHING", "")
        target.write(service=service, schema=(target.folder / "schema.py").read_text().replace(_UNIQUE, "title text"))
        whole = length(target)
        left: Left | None = None
        for number in range(times):
            after = luck.uniform(0, whole)
            left = kill_once(target, after, left)
            trials += left.trials
            if tell:
                count = (
                    f"{len(left.processes)} processes, {len(left.directories)} directories left, {left.trials} trials"
                )
                print(f"{number + 1}: killed after {after:.2f} of {whole:.2f} s: {count}", flush=True)
        assert target.run("check", "-j", "2").code == 1
        assert left is None or not left.still(), left.still()
        remains.nothing_left(target)
    return trials


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    ended = kills(chosen.times, chosen.seed, tell=True)
    print(f"{chosen.times} kills: nothing left, {ended} finished trials readable")
    sys.exit(0)
