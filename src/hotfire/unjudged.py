"""What checks say where they cannot judge: a step whose undisturbed runs disagree, a point that is not met again."""

from collections.abc import Iterable

from hotfire.model.history import Baseline
from hotfire.model.judgement import Unknown
from hotfire.model.trial import Trial
from hotfire.perturbations import script
from hotfire.references import references_of


def unknown(line: str, baseline: Baseline, missing: str, fix: str, trial: str = "") -> Unknown:
    """What a line cannot judge at a step, and what to write."""
    path, step = baseline.path.name, baseline.step.key
    return Unknown(line=line, path=path, step=step, missing=missing, fix=fix, trial=trial)


def undisturbed_disagree(line: str, baseline: Baseline) -> Unknown | None:
    """The undisturbed runs themselves do not agree: nothing can be compared with them. None where they do."""
    references = references_of(baseline)
    if not references.disagree:
        return None
    if trouble := references.once.trouble:
        return unknown(line, baseline, trouble.reason, trouble.fix)
    told = " or ".join(map(str, references.statuses))
    fix = "look for what a new process does not have: sessions in memory, a secret made at start"
    return unknown(line, baseline, f"undisturbed, the step is answered {told}", fix)


def left_at_work(baseline: Baseline, unquiet: Iterable[str]) -> list[str]:
    """What was still at work at the deadline, and is at rest when nothing is disturbed."""
    known = {name for clean in baseline.clean for name in clean.unquiet}
    return [name for name in unquiet if name not in known]


def is_made_always(baseline: Baseline, trial: Trial) -> bool:
    """Whether each undisturbed run makes the call that a trial is about: one by the clock (a sweep's) comes by luck."""
    if "signature" not in trial.arguments:
        return True
    where = tuple(trial.arguments.get(name) for name in ("dependency", "signature", "occurrence"))
    points = [[each.call.point for each in clean.exchanges] for clean in baseline.clean]
    return all(where in {(each.dependency, each.signature, each.occurrence) for each in made} for made in points)


def not_reached(line: str, trial: Trial) -> Unknown:
    """A point that is not reached again is told, and never passed."""
    return Unknown(
        line=line,
        path=trial.path,
        step=trial.step,
        missing=f"not reached again: {script(trial).perturbation.says()}",
        fix="let the step make the same calls each time; caches filled by earlier requests are a reason",
        trial=trial.id,
    )
