"""One cause, one finding: findings of one endpoint and class whose tables meet are one, with all their points.

Some classes come behind others: what one request after another leaves wrong, two at once leave wrong too. Of wrong
requests, those have one cause that end in the same line of the service, or are wrong in the same field.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from hotfire.breakdowns import breakdown_of
from hotfire.model.check import Judged
from hotfire.model.edit import read
from hotfire.model.judgement import Finding
from hotfire.unions import grouped, joined

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


# wrong requests

_PLAINEST = ("replace", "remove", "cut", "insert")


def traced(judged: Sequence[Judged], packages: Collection[str]) -> Iterator[Finding]:
    """The findings about wrong requests, one for each line of the service or field, told by its shortest case.

    `packages` are the service's own, as a baseline has them.
    """
    found = [(each, finding) for each in judged for finding in each.findings]
    for group in grouped(found, partial(_marks, packages=packages)):
        told = sorted(group, key=_rank)
        first = told[0][1]
        points = dict.fromkeys(point for _, finding in told for point in finding.points)
        yield replace(first, points=tuple(points))


def _rank(each: tuple[Judged, Finding]) -> tuple[bool, int, int, str]:
    """Blockers first; then by how much is to be said of a case: its value, and what is done with it."""
    judged, finding = each
    edits = read(str(judged.trial.arguments.get("edits", "[]")))
    length, act = (len(edits[-1].value), _PLAINEST.index(edits[-1].act)) if edits else (0, 0)
    return finding.severity == "note", length, act, finding.title


def _marks(each: tuple[Judged, Finding], packages: Collection[str]) -> Iterator[Hashable]:
    """Two findings that share one of these have one cause: the same line of the service's source, or the same field."""
    judged, finding = each
    category, step, arguments = finding.category, finding.step, judged.trial.arguments
    reply = judged.history.replies[0]
    frames = breakdown_of(judged.history, reply, packages).frames if reply.failed else ()
    if frames:
        yield category, frames
    elif category in {"privileged field took effect", "undeclared field took effect", "traceback in an answer"}:
        yield category, step
    elif finding.severity == "note" and reply.failed:
        yield category
    elif category == "effect on a refused request":
        yield from ((category, step, table) for table in finding.columns)
    else:
        yield category, step, arguments.get("place", "")
        if reply.failed:
            yield category, step, "keyword", arguments.get("keyword", "")
