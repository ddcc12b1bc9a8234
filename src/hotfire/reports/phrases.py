"""What every report says in the same words: counts, the verdict's sentence, a path's line, a finding's points."""

from hotfire.errors import HotfireError
from hotfire.model.judgement import Finding
from hotfire.model.run import PathResult, Run
from hotfire.model.trial import Trial
from hotfire.perturbations import script


def count(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """`0.4 s`, `9 s`, `2 min 5 s`."""
    if seconds < 1:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def step_name(key: str) -> str:
    """A step's key without the occurrence, where that is the first: `editor POST /api/posts/{id}/publish`."""
    return key.removesuffix(" #1")


def path_line(result: PathResult) -> tuple[str, str]:
    """The two halves of a path's line: who it is, and what came of it."""
    actors = ", ".join(result.path.actors)
    name = f"{result.path.name} as {actors}" if actors else result.path.name
    if result.mistake:
        return name, f"did not come to its end   ({duration(result.seconds)})"
    numbers = (
        f"{count(result.trials, 'trial')}, {count(len(result.findings), 'finding')}, {len(result.unknowns)} unknown"
    )
    return name, f"{numbers}   ({duration(result.seconds)})"


def points(finding: Finding, shown: int = 1) -> str:
    """The first points in full, then how many more."""
    first, more = finding.points[:shown], len(finding.points) - shown
    text = "; ".join(first)
    return f"{text}, and {count(more, 'point')} more" if more > 0 else text


def perturbation_says(trial: Trial) -> str:
    """What was done to the step, in the user's words; the bare kind where another version of hotfire made the trial."""
    try:
        return script(trial).perturbation.says()
    except (HotfireError, TypeError):
        return trial.perturbation


def verdict_word(run: Run) -> str:
    """GO, NO-GO or UNKNOWN; NO VERDICT for a run that has none."""
    return run.verdict or "NO VERDICT"


def verdict_reason(run: Run) -> str:
    """What follows the verdict's word: what it speaks of, and what was not asked."""
    parts = [_asked(run)] if run.verdict == "GO" else _counts(run)
    if run.not_asked:
        parts.append(f"not asked: {', '.join(run.not_asked)}")
    return "; ".join(part for part in parts if part)


def _asked(run: Run) -> str:
    lines = f"for {', '.join(run.lines)}"
    notes = _findings(run, "note")
    return f"{lines}; {count(notes, 'note')}" if notes else lines


def _counts(run: Run) -> list[str]:
    blockers, notes = _findings(run, "blocker"), _findings(run, "note")
    unknowns = sum(len(result.unknowns) for result in run.paths)
    mistaken = [result.path.name for result in run.paths if result.mistake]
    parts = [
        count(blockers, "blocker") if blockers else "",
        f"{unknowns} not judged" if unknowns else "",
        count(notes, "note") if notes else "",
        f"{', '.join(mistaken)} did not come to {'its' if len(mistaken) == 1 else 'their'} end" if mistaken else "",
    ]
    said = [part for part in parts if part]
    interrupted = run.verdict is None and run.exit_code is None
    return ["interrupted before its end", *said] if interrupted else said or [f"asked for {', '.join(run.lines)}"]


def _findings(run: Run, severity: str) -> int:
    """How many causes: one that is met in several paths counts once."""
    found = (finding for result in run.paths for finding in result.findings if finding.severity == severity)
    return len({finding.fingerprint for finding in found})
