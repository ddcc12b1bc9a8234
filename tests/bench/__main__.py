"""python -m tests.bench [--json] [--service NAME]: hotfire's speed against its goals. In turns, medians, load told.

FastAPI is measured in full; Django and Flask by what a kill trial costs. With --calls, a whole check of one large step;
with --path, of a critical path of ten; with --mutator, the one-place mutator of `inputs`, without any service; with
--breadth, a table of all that services are made of.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, closing
from typing import Protocol

import uvloop

from hotfire.checks import lines
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.nursery import Nursery
from tests.bench import calls, mutator, pad, path, restores, starts, trials
from tests.bench.benched import FASTAPI, SERVICES, Benched
from tests.bench.breadth import firing as breadth
from tests.bench.figures import OF_A_TRIAL, Figures
from tests.bench.machine import load

ALONE = {"calls": calls, "path": path, "mutator": mutator}
"""Benches of their own, each by its option."""


def main() -> int:
    """Measure and tell; 1 where a goal is missed."""
    arguments = parser().parse_args()
    with Nursery() as nursery:
        measured: Measured = uvloop.run(chosen(arguments, nursery))
    print(json.dumps(measured.document()) if arguments.json else measured.told())
    return 1 if measured.missed() else 0


class Measured(Protocol):
    """What was measured, as it is told."""

    def told(self) -> str: ...
    def document(self) -> dict[str, object]: ...
    def missed(self) -> list[str]: ...


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    made.add_argument("--json", action="store_true", help="one object")
    made.add_argument("--service", choices=SERVICES, default="fastapi", help="the benched service")
    made.add_argument("--calls", action="store_true", help="a step of forty calls: all of retry and failure")
    made.add_argument("--path", action="store_true", help="a critical path of ten steps: all lines")
    made.add_argument("--mutator", action="store_true", help="the one-place mutator: its speed, what it notices")
    made.add_argument("--breadth", action="store_true", help="one path by every framework, driver and server: a table")
    made.add_argument("--only", default="", metavar="REGEX", help="of the breadth, rows whose name matches")
    made.add_argument("--line", action="append", choices=lines(), help="of the breadth, what is asked (retry)")
    made.add_argument("--server", default="embedded", help="of the breadth, the PostgreSQL: binaries or a DSN")
    made.add_argument("--python", default="", help="of the breadth, the service's Python")
    return made


def chosen(arguments: argparse.Namespace, nursery: Nursery) -> Coroutine[None, None, Measured]:
    """What the command line asks for."""
    if arguments.breadth:
        asked = tuple(arguments.line or ("retry",))
        return breadth.measure(nursery, arguments.only, asked, arguments.server, arguments.python)
    alone = next((each.measure for name, each in ALONE.items() if getattr(arguments, name)), None)
    return alone(nursery) if alone else bench(SERVICES[arguments.service], nursery)


async def bench(benched: Benched, nursery: Nursery) -> Figures:
    """All figures, in one run."""
    course = Course()
    figures = await (in_full(nursery, course.mark) if benched is FASTAPI else of_a_trial(benched, nursery, course.mark))
    figures.details |= {"load": course.loads, "at_s": course.marks, "seconds": course.seconds()}
    return figures


class Course:
    """How the bench went: what was done when, and the load then."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self.loads = [load()]
        self.marks: dict[str, float] = {}

    def seconds(self) -> float:
        """Since it began."""
        return round(time.monotonic() - self._begun, 1)

    def mark(self, name: str) -> None:
        """Something is done."""
        self.marks[name] = self.seconds()
        self.loads.append(load())
        print(f"{self.marks[name]:5.1f} s  {name}, load {self.loads[-1]:g}", file=sys.stderr, flush=True)


async def of_a_trial(benched: Benched, nursery: Nursery, mark: Callable[[str], None]) -> Figures:
    """What a kill trial costs, of a service that is not measured in full."""
    figures, run = Figures(goals=OF_A_TRIAL), RunDirectory.open()
    with closing(run):
        async with pad.standing(run, nursery, benched) as stand:
            mark("the service stands")
            await trials.measure(stand, figures)
            mark("trials measured")
    return figures


async def in_full(nursery: Nursery, mark: Callable[[str], None]) -> Figures:
    """Trials, borders, restores and starts."""
    figures = Figures()
    async with AsyncExitStack() as stack:
        runs = [RunDirectory.open(), RunDirectory.open()]
        for run in runs:
            stack.callback(run.close)
        stores = await stack.enter_async_context(restores.standing(runs[1]))
        mark("both templates stand")
        async with asyncio.TaskGroup() as tasks:
            starting = tasks.create_task(stack.enter_async_context(starts.standing()))
            standing = tasks.create_task(stack.enter_async_context(pad.standing(runs[0], nursery)))
        zygotes, stand = starting.result(), standing.result()
        mark("the service stands")
        await trials.measure(stand, figures)
        mark("trials measured")
        await restores.measure(stores, figures)
        mark("restores measured")
        await starts.measure(zygotes, figures)
        mark("starts measured")
    figures.details["template_built"] = stores.built
    return figures


if __name__ == "__main__":
    sys.exit(main())
