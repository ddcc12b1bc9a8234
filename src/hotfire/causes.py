"""One cause, one finding: findings of one endpoint and class whose tables meet are one, with all their points.

Some classes come behind others: what one request after another leaves wrong, two at once leave wrong too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hotfire.model.judgement import Finding
from hotfire.unions import joined

_BEHIND: Mapping[str, frozenset[str]] = {
    "race": frozenset({"duplicate"}),
    "effect on a refused request": frozenset({"duplicate", "partial state"}),
}
"""A class, and those of which it is but another sight, where it shows in no other table than they do."""


def merged(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, one for each cause; of the foremost class, the one that names the fewest columns speaks."""
    for group in joined(findings, _one_cause):
        first = min(group, key=lambda finding: (finding.category in _BEHIND, len(finding.columns)))
        yield replace(
            first,
            points=tuple(dict.fromkeys(point for finding in [first, *group] for point in _points(finding, first))),
            evidence=first.evidence,
        )


def _one_cause(one: Finding, other: Finding) -> bool:
    if (one.path, _endpoint(one)) != (other.path, _endpoint(other)):
        return False
    if one.category == other.category:
        return not one.columns or not other.columns or bool(_tables(one) & _tables(other))
    return _behind(one, other) or _behind(other, one)


def _behind(one: Finding, other: Finding) -> bool:
    return other.category in _BEHIND.get(one.category, ()) and bool(one.columns) and _tables(one) <= _tables(other)


def _endpoint(finding: Finding) -> str:
    """Who asks for which method and route: the step without its number, for the same code serves each of them."""
    return finding.step.rpartition(" #")[0] or finding.step


def _points(finding: Finding, first: Finding) -> Iterator[str]:
    """Its points; with its step and class, where they are others than those of the finding that speaks for it."""
    step = "" if finding.step == first.step else f"{finding.step}: "
    category = "" if finding.category == first.category else f"{finding.category}: "
    yield from (f"{step}{category}{point}" for point in finding.points)


def _tables(finding: Finding) -> set[str]:
    return {column.split(".", 1)[0] for column in finding.columns}
