"""python -m tests.corpus: recall and false findings by class; `--runs 20` compares every run with the first."""

import argparse
import asyncio
import hashlib
import json
import re
import sys
import time
from pathlib import Path

import uvloop

from tests.corpus.cases import Case, cases
from tests.corpus.firing import Outcome, fire_case


def main() -> int:
    """Fire, count, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--only", default="", help="cases in whose name this regular expression is found")
    parser.add_argument("--runs", type=int, default=1, help="how often; later runs must equal the first")
    parser.add_argument("--jobs", type=int, default=1, help="worlds a case")
    parser.add_argument("--server", default="", help="a folder of PostgreSQL's binaries, or a DSN, for all cases")
    parser.add_argument("--at-once", type=int, default=2, help="cases at once")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--against", type=Path, help="a file of digests: compared with where it is there, else written")
    arguments = parser.parse_args()
    chosen = [case for case in cases() if re.search(arguments.only, case.name)]
    first: dict[str, Outcome] = {}
    kept = _kept(arguments.against)
    unequal: list[str] = []
    begun = time.monotonic()
    for run in range(arguments.runs):
        for outcome in uvloop.run(_fire_all(chosen, arguments)):
            known = first.setdefault(outcome.case.name, outcome)
            if known.print != outcome.print:
                unequal.append(f"{outcome.case.name} in run {run + 1}: {_difference(known, outcome)}")
            elif kept.setdefault(outcome.case.name, _digest(outcome)) != _digest(outcome):
                unequal.append(f"{outcome.case.name} in run {run + 1}: other than in {arguments.against}")
        if arguments.against:
            arguments.against.write_text(json.dumps(kept, indent=2, sort_keys=True))
        if not arguments.json and arguments.runs > 1:
            print(f"run {run + 1}: {len(unequal)} unequal so far, {time.monotonic() - begun:.0f} s", flush=True)
            print(*unequal, sep="\n", flush=True)
    figures = summary(list(first.values()), time.monotonic() - begun)
    figures["runs"], figures["unequal"] = arguments.runs, unequal
    print(json.dumps(figures, indent=None if arguments.json else 2))
    return 0 if not figures["missed"] and not figures["false_on_good"] and not unequal else 1


def _kept(file: Path | None) -> dict[str, str]:
    """The digests of an earlier invocation's outcomes, by case."""
    return json.loads(file.read_text()) if file and file.exists() else {}


def _digest(outcome: Outcome) -> str:
    return hashlib.sha256(repr(outcome.print).encode()).hexdigest()


async def _fire_all(chosen: list[Case], arguments: argparse.Namespace) -> list[Outcome]:
    """Fire the cases, some at once; each is told as it ends."""
    turn = asyncio.Semaphore(arguments.at_once)

    async def one(case: Case) -> Outcome:
        async with turn:
            outcome = await fire_case(case, arguments.jobs, arguments.server)
        if not arguments.json:
            print(_line(outcome), flush=True)
        return outcome

    async with asyncio.TaskGroup() as tasks:
        fired = [tasks.create_task(one(case)) for case in chosen]
    return [task.result() for task in fired]


def _line(outcome: Outcome) -> str:
    case = outcome.case
    good = outcome.found if case.expected else not outcome.undeclared and not outcome.unknowns and not outcome.mistakes
    verdict = outcome.run.verdict if outcome.run else "-"
    told = (
        f"{'ok ' if good else 'BAD'} {case.name:<34} {verdict:<8} {len(outcome.trials):>3} trials {outcome.wall:5.1f} s"
    )
    found = [f"{each.severity} {each.category} [{each.step}] {each.title[:100]}" for each in outcome.findings]
    return "\n      ".join([told, *found, *[f"unknown {each[:200]}" for each in outcome.unknowns], *outcome.mistakes])


def _difference(one: Outcome, other: Outcome) -> str:
    changed = {id_ for id_ in one.trials.keys() | other.trials.keys() if one.trials.get(id_) != other.trials.get(id_)}
    return "; ".join(f"{id_}: {one.trials.get(id_)} / {other.trials.get(id_)}" for id_ in sorted(changed)) or "findings"


def summary(outcomes: list[Outcome], wall: float) -> dict[str, object]:
    """The figures of one run."""
    twins = [each for each in outcomes if each.case.kind == "twin"]
    mutants = [each for each in outcomes if each.case.kind == "mutant"]
    correct = [each for each in outcomes if each.case.kind == "correct"]
    bad = [*twins, *mutants]
    causes = sum(len(each.blockers) for each in twins)
    return {
        "pairs": len(twins),
        "mutants": len(mutants),
        "correct": len(correct),
        "recall_twins": _share([each.found for each in twins]),
        "recall_mutants": _share([each.found for each in mutants]),
        "missed": [each.case.name for each in bad if not each.found],
        "false_on_good": [each.case.name for each in correct if each.blockers],
        "notes_on_good": [each.case.name for each in correct if each.findings and not each.blockers],
        "unknown_on_good": [each.case.name for each in correct if each.unknowns or each.mistakes],
        "findings_per_root_cause": round(causes / len(twins), 2) if twins else None,
        "first_finding_s": max((each.first_finding or 0.0 for each in bad), default=0.0),
        "trials": sum(len(each.trials) for each in outcomes),
        "wall_s": round(wall, 1),
    }


def _share(found: list[bool]) -> float | None:
    return round(sum(found) / len(found), 3) if found else None


if __name__ == "__main__":
    sys.exit(main())
