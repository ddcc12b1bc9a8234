"""Schemathesis beside hotfire, over the twins with an OpenAPI document: what it finds, and what it reports wrongly.

In its best configuration: all checks, valid and invalid data, on to the end of each operation after a failure, and two
users where the twin has as many. It has no word for "duplicate" or "race", so the fairest question is asked of it: does
it report anything at the declared step's operation of the bad twin that it does not report of the good one? What it
reports of a good twin may be true: such a twin is right in the lines that it is asked, and in no other.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from hotfire.cli.project import find_site
from hotfire.errors import HotfireError
from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case
from tests.corpus.firing import on_server
from tests.corpus.served import Served, served

_ARGUMENTS = ("--checks", "all", "--mode", "all", "--continue-on-failure", "--seed", "0")
_USERS = 2  # as many as its check of object-level authorization needs

Report = tuple[str, str]
"""What it calls the failure, and the operation: ("Server error", "POST /users")."""


class _Failed(Exception):  # noqa: N818  # what is told of a run of it, not of ours
    """It ended without a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What it said of one service."""

    reports: frozenset[Report]
    generated: int


def installed() -> str:
    """Its version, or "" where the extra is not installed."""
    try:
        return version("schemathesis")
    except PackageNotFoundError:
        return ""


async def beside(
    chosen: Sequence[Case], nursery: Nursery, at_once: int, server: str = "", *, found: Container[str] = ()
) -> dict[str, object]:
    """Its figures over the pairs among these cases; empty where none publishes a document.

    `found` are the names of the cases whose bugs hotfire found.
    """
    begun = time.monotonic()
    turn = asyncio.Semaphore(at_once)

    failed: dict[str, str] = {}

    async def one(case: Case) -> Beside | None:
        async with turn:
            try:
                return await _run(case, nursery, server)
            except (HotfireError, _Failed) as error:  # told, and not counted: the others go on
                failed[case.name] = str(error)
                return None

    bad = [case for case in chosen if case.kind == "twin"]
    good = {case.folder.parent: case for case in chosen if case.kind == "correct"}
    pairs = [(case, good[case.folder.parent]) for case in bad if case.folder.parent in good]
    async with asyncio.TaskGroup() as tasks:
        asked = [(tasks.create_task(one(case)), tasks.create_task(one(twin))) for case, twin in pairs]
    seen = {
        case: (of_bad, of_good)
        for (case, _), (one_, other) in zip(pairs, asked, strict=True)
        if (of_bad := one_.result()) and (of_good := other.result())
    }
    return {**figures(seen, time.monotonic() - begun, found), "failed": failed} if seen or failed else {}


def figures(seen: Mapping[Case, tuple[Beside, Beside]], wall: float, by_hotfire: Container[str]) -> dict[str, object]:
    """What it found of the declared bugs, and all that it reports of good twins, by its own names.

    `recall_of_hotfire` is over the same pairs, and no others.
    """
    found = [case.name for case, (bad, good) in seen.items() if finds(case, bad, good)]
    wrong = [title for _, good in seen.values() for title, _ in sorted(good.reports)]
    return {
        "version": installed(),
        "pairs": len(seen),
        "recall": _share(len(found), len(seen)),
        "recall_of_hotfire": _share(sum(case.name in by_hotfire for case in seen), len(seen)),
        "found": found,
        "reports_on_good": {title: wrong.count(title) for title in sorted(set(wrong))},
        "good_with_reports": sum(bool(good.reports) for _, good in seen.values()),
        "cases": sum(bad.generated + good.generated for bad, good in seen.values()),
        "wall_s": round(wall, 1),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def finds(case: Case, bad: Beside, good: Beside) -> bool:
    """Whether it reports something at a declared step's operation of the bad twin, and not of the good one."""
    steps = [step for each in case.expected for step in each.steps]
    operations = {_unnamed(" ".join(step.split(" ")[1:-1])) for step in steps}  # without actor and occurrence
    return any(_unnamed(operation) in operations for _, operation in bad.reports - good.reports)


def _unnamed(operation: str) -> str:
    """An operation without its parameters' names, which the document and the path may give otherwise."""
    return re.sub(r"\{[^}]*\}", "{}", operation)


async def _run(case: Case, nursery: Nursery, server: str) -> Beside | None:
    """Let it run against a case's service; None where that publishes no document."""
    with case.laid_out() as project, TemporaryDirectory(prefix="hotfire-beside-") as scratch:
        async with served(on_server(find_site(project), server), nursery) as service:
            return await _ask(service, Path(scratch)) if service else None


async def _ask(service: Served, scratch: Path) -> Beside:
    (scratch / "schemathesis.toml").write_text(configured(service.users, scratch / "users.json"))
    answer = scratch / "report.json"
    command = ("run", service.document, *_ARGUMENTS, "--report", "json", "--report-json-path", str(answer))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        *command,
        cwd=scratch,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if not answer.exists():
        raise _Failed(f"schemathesis ended with {process.returncode} and no report:\n{said.decode()[-2000:]}")
    return read(json.loads(answer.read_text()))


def read(report: Mapping[str, object]) -> Beside:
    """Its JSON report: one entry for each kind of failure, with the operations in which it was met."""
    failures, tested = report["failures"], report["test_cases"]
    assert isinstance(failures, list)
    assert isinstance(tested, dict)
    met = frozenset((each["title"], operation) for each in failures for operation in each["operations"])
    return Beside(reports=met, generated=tested["generated"])


def configured(users: Mapping[str, Mapping[str, str]], file: Path) -> str:
    """Its configuration: two users, whose objects must stay apart; one user's headers; or nothing.

    The users are written to `file`, as Web Fuzzing Commons describes them.
    """
    names = list(users)
    if not names:
        return ""
    told = [
        {"name": name, "fixedHeaders": [{"name": header, "value": value} for header, value in users[name].items()]}
        for name in names
    ]
    file.write_text(json.dumps({"auth": told}))
    peers = f"peers = {json.dumps(names)}\n" if len(names) == _USERS else ""
    return f"[auth.wfc]\npath = {json.dumps(str(file))}\n{peers}"
