"""python -m tests.exhaustive: explore every round trip of every twin of retry; `--all` takes services, mutants too."""

import argparse
import sys
import time

import uvloop

from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import cases
from tests.exhaustive.explore import StepEnds, explore


def main() -> int:
    """Explore, compare, print; 0 where the proof holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.exhaustive", description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--all", action="store_true", help="services and mutants too")
    arguments = parser.parse_args()
    every = planned = 0
    broken: list[str] = []
    for case in cases():
        if arguments.only not in case.name or not (arguments.all or "/" in case.name) or "retry" not in case.lines:
            continue
        begun = time.monotonic()
        with Nursery() as nursery:
            steps = uvloop.run(explore(case, nursery))
        every += sum(len(step.every) for step in steps)
        planned += sum(len(step.planned) for step in steps)
        wrong = [line for step in steps for line in problems(step, good=not case.expected)]
        broken += wrong
        print(f"{'BAD' if wrong else 'ok '} {case.name:<32} {time.monotonic() - begun:5.1f} s")
        for step in steps:
            print(f"      {_line(step)}")
            for answer in step.new_answers:
                print(f"      answer: {answer}")
        for line in wrong:
            print(f"      {line}")
        sys.stdout.flush()
    fewer = 1 - planned / every if every else 0.0
    print(f"{every} trials at every round trip, {planned} planned: {fewer:.0%} fewer; {len(broken)} differences")
    return 1 if broken or fewer < LEAST_FEWER else 0


LEAST_FEWER = 0.6


def problems(step: StepEnds, *, good: bool) -> list[str]:
    """What contradicts the proof in one step."""
    wrong = [f"{step.step}: not reached: {trial.perturbation} {trial.arguments}" for trial in step.missed]
    wrong += step.differences
    if good:
        wrong += [f"{end.trial.perturbation} {end.trial.arguments}: {end.difference}" for end in step.unlike_null]
    return wrong


def _line(step: StepEnds) -> str:
    states = len({end.form for end in step.every})
    counted = f"{step.round_trips} round trips, {step.effects} effects: {len(step.every)} → {len(step.planned)} trials"
    return f"{step.step}: {counted}, {states} end state{'' if states == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
