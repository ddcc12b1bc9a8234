"""One cause, one finding: findings of one step and class whose tables meet are one, with all their points."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hotfire.model.judgement import Finding
from hotfire.unions import joined


def merged(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, one for each cause; the one that names the fewest columns speaks for the others."""
    for group in joined(findings, _one_cause):
        first = min(group, key=lambda finding: len(finding.columns))
        yield replace(
            first,
            points=tuple(dict.fromkeys(point for finding in [first, *group] for point in finding.points)),
            evidence=first.evidence,
        )


def _one_cause(one: Finding, other: Finding) -> bool:
    same = (one.path, one.step, one.category) == (other.path, other.step, other.category)
    return same and (not one.columns or not other.columns or bool(_tables(one) & _tables(other)))


def _tables(finding: Finding) -> set[str]:
    return {column.split(".", 1)[0] for column in finding.columns}
