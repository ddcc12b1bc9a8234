"""Doubt: no blocker stands unconfirmed. It is seen again in a fresh world, or nobody knows.

A path that is broken when nothing is disturbed is told here, too: there is no trial behind it. So is what is no
finding at all: an undo's own mistake.
"""

from collections.abc import Iterator, Sequence

from hotfire.engine.agenda import Doubt
from hotfire.engine.bay import Bay
from hotfire.model.check import Check, Judged
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.world import Mistake, Survey

HAPPY_PATH = "happy path"
"""The line under which a broken undisturbed path stands."""

_SHOWN = 400


def doubt_of(finding: Finding, judged: Sequence[Judged]) -> Doubt:
    """What a finding rests on: its own trial last, after those that it is judged against."""
    resting_on = {evidence.trial for evidence in finding.evidence} | {finding.trial}
    needs = [each for each in judged if each.trial.id in resting_on and each.trial.step == finding.step]
    needs.sort(key=lambda each: each.trial.id == finding.trial)
    return Doubt(finding=finding, needs=tuple(needs))


async def seen_again(bay: Bay, check: Check, doubt: Doubt) -> bool:
    """Run the trials once more, from the clean zygote: whether the finding's own shows the same class."""
    again = False
    for needed in doubt.needs:
        seen = await bay.again(check, needed.trial)
        if needed.trial.id == doubt.finding.trial:
            again = any(finding.category == doubt.finding.category for each in seen for finding in each.findings)
    return again


def flaky(line: str, path: str, step: str, seen: str, trial: str = "") -> Unknown:
    """What was seen once only: luck, which is neither GO nor NO-GO."""
    return Unknown(
        line=line,
        path=path,
        step=step,
        missing=f"seen once and not again in a fresh world: {seen}",
        fix="look for luck, time or state that outlives a request, then run `hotfire check` again",
        trial=trial,
    )


def broken(survey: Survey, mistake: Mistake) -> Finding:
    """The finding of a path that does not work although nothing was done to it."""
    return Finding(
        line=HAPPY_PATH,
        severity="blocker",
        path=survey.path.name,
        step=mistake.step,
        category="broken",
        title=f"the undisturbed path is broken at {mistake.step}: {mistake.problem}",
        points=(),
        fix="\n".join((mistake.hint, *_seen(mistake))),
        columns=(),
        evidence=(),
        trial="",
    )


def slip_of(judged: Judged) -> Mistake | None:
    """The mistake of an undo that failed by itself: it is the path's own, and nothing of the service."""
    undone, path = judged.history.undone, judged.trial.path
    if undone is None or not undone.slip:
        return None
    return Mistake(
        broken=False,
        step=f"the undo of {path}",
        problem=undone.slip,
        hint="mend it; the last answer and the log lines are shown",
        reply=undone.replies[-1] if undone.replies else None,
        logs=undone.logs,
    )


def _seen(mistake: Mistake) -> Iterator[str]:
    """What a broken path's client and log saw: there is no trial to look it up in."""
    if mistake.reply and mistake.reply.status:
        yield f"response: {mistake.reply.status} {mistake.reply.body[:_SHOWN]}".rstrip()
    yield from (f"log: {line.text}" for line in mistake.logs)
