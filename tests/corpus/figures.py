"""What a go over the corpus comes to: recall and false findings by class, findings per cause, trials and time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.corpus.firing import Outcome


def summary(outcomes: Sequence[Outcome], wall: float) -> dict[str, object]:
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
        "recall": _share(each.found for each in bad),
        "recall_twins": _share(each.found for each in twins),
        "recall_mutants": _share(each.found for each in mutants),
        "recall_by_class": _by_class(bad),
        "missed": [each.case.name for each in bad if not each.found],
        "false_on_good": [each.case.name for each in correct if each.blockers],
        "false_by_class": _counted(f"{each.line} · {each.category}" for of in correct for each in of.blockers),
        "notes_on_good": [each.case.name for each in correct if each.undeclared and not each.blockers],
        "unknown_on_good": [each.case.name for each in correct if each.unknowns or each.mistakes],
        "findings_per_root_cause": round(causes / len(twins), 2) if twins else None,
        "first_finding_s": round(max((each.first_finding or 0.0 for each in bad), default=0.0), 2),
        "trials": sum(len(each.trials) for each in outcomes),
        "wall_s": round(wall, 1),
    }


def _by_class(bad: Sequence[Outcome]) -> dict[str, float | None]:
    """A case counts in the class of the first finding that it declares, whichever of them was found."""
    found: dict[str, list[bool]] = {}
    for each in bad:
        first = each.case.expected[0]
        found.setdefault(f"{first.line} · {first.category}", []).append(each.found)
    return {name: _share(found[name]) for name in sorted(found)}


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
