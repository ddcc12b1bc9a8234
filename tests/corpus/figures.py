"""What a go over the corpus comes to: recall and false findings by class, findings per cause, trials and time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from hotfire.model.judgement import Finding
from tests.corpus.firing import Outcome

SLOW_S = 5.0
"""Later than this, a first finding is late."""


def summary(outcomes: Sequence[Outcome], wall: float) -> dict[str, object]:
    """The figures of one run: `recall` is the share of the declared bugs that were found, and a case may have two.

    `asked_on_good` and `tried_on_good` say what false findings could come of: how many correct cases were asked each
    line, and in how many trials.
    """
    twins = [each for each in outcomes if each.case.kind == "twin"]
    mutants = [each for each in outcomes if each.case.kind == "mutant"]
    correct = [each for each in outcomes if each.case.kind == "correct"]
    bad = [*twins, *mutants]
    return {
        "pairs": len(twins),
        "mutants": len(mutants),
        "correct": len(correct),
        "recall": _share(_hits(bad)),
        "recall_twins": _share(_hits(twins)),
        "recall_mutants": _share(_hits(mutants)),
        "recall_by_class": _by_class(bad),
        "missed": [f"{each.case.name} [{bug.steps[0]}] {bug.name}" for each in bad for bug in each.missed],
        "false_on_good": [each.case.name for each in correct if each.blockers],
        "asked_on_good": _counted(line for each in correct for line in each.tried),
        "tried_on_good": dict(sorted(sum((each.tried for each in correct), Counter()).items())),
        "false_by_class": _by_name(finding for each in correct for finding in each.blockers),
        "notes_on_good": [each.case.name for each in correct if each.undeclared and not each.blockers],
        "unknown_on_good": [each.case.name for each in correct if each.unknowns or each.mistakes],
        "false_on_bad": [each.case.name for each in twins if each.undeclared],
        "false_on_bad_by_class": _by_name(finding for each in twins for finding in each.undeclared),
        "besides_on_mutants": _by_name(finding for each in mutants for finding in each.undeclared),
        "faults": {each.case.name: each.faults for each in outcomes if each.faults},
        "findings_per_root_cause": _per_cause(twins),
        **_first_findings(bad),
        "trials": sum(len(each.trials) for each in outcomes),
        "wall_s": round(wall, 1),
    }


def _hits(bad: Iterable[Outcome]) -> Iterator[bool]:
    """For each declared bug, whether it was found."""
    return (bug in each.met for each in bad for bug in each.case.expected)


def _by_class(bad: Sequence[Outcome]) -> dict[str, float | None]:
    """By the class that was expected, whatever else was found."""
    found: dict[str, list[bool]] = {}
    for each in bad:
        for bug in each.case.expected:
            found.setdefault(bug.name, []).append(bug in each.met)
    return {name: _share(found[name]) for name in sorted(found)}


def _per_cause(twins: Sequence[Outcome]) -> float | None:
    """How many findings a found bug is told in: what was missed makes it no better."""
    met = [each for each in twins if each.met]
    causes = sum(len(each.met) for each in met)
    return round(sum(len(each.told) for each in met) / causes, 2) if causes else None


def _first_findings(bad: Sequence[Outcome]) -> dict[str, object]:
    """Seconds from the first trial to the first finding, over the cases that have one: the largest, and the median."""
    seconds = [each.first_finding for each in bad if each.first_finding is not None]
    return {
        "first_finding_s": round(max(seconds), 2) if seconds else None,
        "first_finding_median_s": round(median(seconds), 2) if seconds else None,
        f"first_finding_above_{SLOW_S:.0f}_s": sum(each > SLOW_S for each in seconds),
    }


def _by_name(findings: Iterable[Finding]) -> dict[str, int]:
    return _counted(f"{each.line} · {each.category}" for each in findings)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _share(found: Iterable[bool]) -> float | None:
    kept = list(found)
    return round(sum(kept) / len(kept), 3) if kept else None


def told(figures: dict[str, object]) -> str:
    """The figures for a person: a line each, and one more for each part of those that have parts."""
    return "\n".join(_lines(figures, ""))


def _lines(figures: dict[str, object], margin: str) -> Iterator[str]:
    width = max((len(name) for name in figures), default=0) + 2
    for name, value in figures.items():
        match value:
            case dict():
                yield f"{margin}{name}"
                yield from _lines(value, f"{margin}    ")
            case list():
                yield f"{margin}{name:<{width}}{len(value)}{': ' if value else ''}{', '.join(map(str, value))}"
            case _:
                yield f"{margin}{name:<{width}}{'–' if value is None else value}"
