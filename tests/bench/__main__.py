"""python -m tests.bench [--json]: hotfire's speed against its goals. Everything in turns, medians, load told."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import uvloop

from hotfire.worlds.marks import RunDirectory
from tests.bench import pad, restores, starts, trials
from tests.bench.figures import GOALS, Figures
from tests.bench.machine import load


def main() -> int:
    """Measure and tell; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object")
    arguments = parser.parse_args()
    figures = uvloop.run(bench(lambda text: print(text, file=sys.stderr, flush=True)))
    if arguments.json:
        print(json.dumps(document(figures)))
    else:
        print(figures.table())
        print(json.dumps(figures.details, indent=2))
    return 1 if figures.missed() else 0


def document(figures: Figures) -> dict[str, object]:
    """One object: the figures, their goals, which are missed, the details."""
    goals = {name: f"{kind} {goal:g}" for name, (kind, goal) in GOALS.items() if kind != "told"}
    values = {name: round(value, 4) for name, value in figures.values.items()}
    return {**values, "goals": goals, "missed": figures.missed(), **figures.details}


async def bench(say: Callable[[str], None]) -> Figures:
    """All figures, in one run."""
    figures, begun, loads = Figures(), time.monotonic(), [load()]
    marks: dict[str, float] = {}

    def mark(name: str) -> None:
        marks[name] = round(time.monotonic() - begun, 1)
        loads.append(load())
        say(f"{marks[name]:5.1f} s  {name}, load {loads[-1]:g}")

    async with AsyncExitStack() as stack:
        runs = [RunDirectory.open(), RunDirectory.open()]
        for run in runs:
            stack.callback(run.close)
        stores = await stack.enter_async_context(restores.standing(runs[1]))
        mark("both templates stand")
        async with asyncio.TaskGroup() as tasks:
            starting = tasks.create_task(stack.enter_async_context(starts.standing()))
            standing = tasks.create_task(stack.enter_async_context(pad.standing(runs[0])))
        zygotes, stand = starting.result(), standing.result()
        mark("the service stands")
        await trials.measure(stand, figures)
        mark("trials measured")
        await restores.measure(stores, figures)
        mark("restores measured")
        await starts.measure(zygotes, figures)
        mark("starts measured")
    figures.details |= {"load": loads, "template_built": stores.built, "at_s": marks}
    figures.details["seconds"] = round(time.monotonic() - begun, 1)
    return figures


if __name__ == "__main__":
    sys.exit(main())
