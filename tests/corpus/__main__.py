"""python -m tests.corpus: recall and false findings by class, beside Schemathesis where it is installed.

`--runs 20` compares every run with the first.
"""

import argparse
import hashlib
import json
import re
import sys
import time
from pathlib import Path

import uvloop

from hotfire.worlds.nursery import Nursery
from tests.corpus.beside import beside, installed
from tests.corpus.cases import Case, cases
from tests.corpus.figures import summary, told
from tests.corpus.firing import Outcome, each_of, fire_case


def main() -> int:
    """Fire, count, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--only", default="", help="cases in whose name this regular expression is found")
    parser.add_argument("--runs", type=int, default=1, help="how often; later runs must equal the first")
    parser.add_argument("--jobs", type=int, default=1, help="worlds a case")
    parser.add_argument("--server", default="", help="a folder of PostgreSQL's binaries, or a DSN, for all cases")
    parser.add_argument("--at-once", type=int, default=2, help="cases at once")
    parser.add_argument("--json", action="store_true", help="one object with the figures, and nothing else")
    parser.add_argument("--no-schemathesis", action="store_true", help="leave out the runs of Schemathesis beside it")
    parser.add_argument("--against", type=Path, help="a file of digests: compared with where it is there, else written")
    arguments = parser.parse_args()
    chosen = [case for case in cases() if re.search(arguments.only, case.name)]
    first: dict[str, Outcome] = {}
    kept = _kept(arguments.against)
    unequal: list[str] = []
    begun = time.monotonic()
    for run in range(arguments.runs):
        for outcome in _outcomes(chosen, arguments):
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
    if installed() and not arguments.no_schemathesis:
        figures["schemathesis"] = _beside(chosen, arguments, {each.case.name for each in first.values() if each.found})
    print(json.dumps(figures) if arguments.json else told(figures))
    return 1 if figures["faults"] or unequal else 0


def _kept(file: Path | None) -> dict[str, str]:
    """The digests of an earlier invocation's outcomes, by case."""
    return json.loads(file.read_text()) if file and file.exists() else {}


def _digest(outcome: Outcome) -> str:
    return hashlib.sha256(repr(outcome.print).encode()).hexdigest()


def _outcomes(chosen: list[Case], arguments: argparse.Namespace) -> list[Outcome]:
    with Nursery() as nursery:
        return uvloop.run(_fire_all(chosen, arguments, nursery))


def _beside(chosen: list[Case], arguments: argparse.Namespace, found: set[str]) -> dict[str, object]:
    with Nursery() as nursery:
        return uvloop.run(beside(chosen, nursery, arguments.at_once, arguments.server, found=found))


async def _fire_all(chosen: list[Case], arguments: argparse.Namespace, nursery: Nursery) -> list[Outcome]:
    """Fire the cases; each is told as it ends."""

    async def one(case: Case) -> Outcome:
        outcome = await fire_case(case, nursery, arguments.jobs, arguments.server)
        if not arguments.json:
            print(_line(outcome), flush=True)
        return outcome

    return await each_of(chosen, arguments.at_once, one)


def _line(outcome: Outcome) -> str:
    case = outcome.case
    verdict = outcome.run.verdict if outcome.run else "-"
    first = "" if outcome.first_finding is None else f", first finding {outcome.first_finding:.1f} s"
    told = (
        f"{'BAD' if outcome.faults else 'ok '} {case.name:<34} {verdict:<8} {len(outcome.trials):>3} trials"
        f" {outcome.wall:5.1f} s{first}"
    )
    found = [
        f"{each.severity} {each.line} · {each.category} [{each.step}] {each.title[:100]}" for each in outcome.findings
    ]
    unknown = [f"unknown {each[:200]}" for each in outcome.unknowns] if case.expected else []
    return "\n      ".join([told, *found, *unknown, *(f"BAD: {each}" for each in outcome.faults)])


def _difference(one: Outcome, other: Outcome) -> str:
    changed = {id_ for id_ in one.trials.keys() | other.trials.keys() if one.trials.get(id_) != other.trials.get(id_)}
    return "; ".join(f"{id_}: {one.trials.get(id_)} / {other.trials.get(id_)}" for id_ in sorted(changed)) or "findings"


if __name__ == "__main__":
    sys.exit(main())
