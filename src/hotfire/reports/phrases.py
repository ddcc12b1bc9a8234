"""What every report says in the same words: counts, the verdict's sentence, a path's line, a finding's points."""

from hotfire.errors import HotfireError
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import MARKS, Cell, PathResult, Run
from hotfire.model.trial import Trial
from hotfire.model.waiver import Waiver
from hotfire.perturbations import script
from hotfire.waivers import needless


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


def kind_word(run: Run, judgement: Finding | Unknown) -> str:
    """BLOCKER, NOTE or UNKNOWN; WAIVED for what a waiver in force covers."""
    if run.waiver_of(judgement):
        return "WAIVED"
    return judgement.severity.upper() if isinstance(judgement, Finding) else "UNKNOWN"


def waiver_says(run: Run, judgement: Finding | Unknown) -> str:
    """Who accepted it, why and until when; or that this is over and it counts again; nothing where nobody did."""
    if waiver := run.waiver_of(judgement):
        return f"waived until {waiver.until} by {waiver.owner}: {waiver.reason}"
    if expired := run.expired_waiver_of(judgement):
        return f"the waiver of {expired.owner} expired on {expired.until}, so it counts again: {expired.reason}"
    return ""


def notices(run: Run) -> tuple[str, ...]:
    """What is told of the run as a whole: its notices, what is not compared, and waivers that nothing meets."""
    ignored = ", ".join(run.ignored)
    said = (f"not compared, as [tool.hotfire.state] ignore says: {ignored}",) if ignored else ()
    return (*run.notices, *said, *map(_needless, needless(run)))


def _needless(waiver: Waiver) -> str:
    return f"{waiver.place} ({waiver.names}; {waiver.owner}) meets nothing any more: take it out"


def cell_of(run: Run, result: PathResult, line: str) -> Cell:
    """A line that was asked and has no cell yet was not judged: never a dash, which reads as "not wanted"."""
    return result.cells.get(line, "unknown" if line in run.lines else "not asked")


def mark_of(run: Run, result: PathResult, line: str) -> str:
    """The cell's sign."""
    return MARKS[cell_of(run, result, line)]


def verdict_word(run: Run) -> str:
    """GO, NO-GO or UNKNOWN; NO VERDICT for a run that has none."""
    return run.verdict or "NO VERDICT"


def verdict_reason(run: Run) -> str:
    """What follows the verdict's word: what it speaks of, and what was not asked."""
    parts = [_asked(run)] if run.verdict == "GO" else _counts(run)
    parts += unproven(run)
    if run.not_asked:
        parts.append(f"not asked: {', '.join(run.not_asked)}")
    return "; ".join(part for part in parts if part)


def unproven(run: Run) -> list[str]:
    """The adopted lines that had nothing to ask of some critical paths: "rollback: not proven for sign_up"."""
    said: list[str] = []
    for line in run.lines:
        paths = [result.path.name for result in run.paths if is_unproven(run, result, line)]
        where = "" if len(paths) == len(run.paths) else f" for {', '.join(paths)}"
        said += [f"{line}: not proven{where}"] if paths else []
    return said


def is_unproven(run: Run, result: PathResult, line: str) -> bool:
    """Whether an adopted line had nothing to ask of a path of which steps were fired."""
    return line in run.lines and bool(result.fired) and cell_of(run, result, line) == "not asked"


def _asked(run: Run) -> str:
    notes, waived = _findings(run, "note"), _waived(run)
    asked = [line for line in run.lines if not run.paths or not all(is_unproven(run, each, line) for each in run.paths)]
    parts = [f"for {', '.join(asked)}", f"{waived} waived" if waived else "", count(notes, "note") if notes else ""]
    return "; ".join(part for part in parts if part)


def _counts(run: Run) -> list[str]:
    blockers, notes, waived = _findings(run, "blocker"), _findings(run, "note"), _waived(run)
    unknowns = sum(not run.waiver_of(unknown) for result in run.paths for unknown in result.unknowns)
    mistaken = [result.path.name for result in run.paths if result.mistake]
    parts = [
        count(blockers, "blocker") if blockers else "",
        f"{unknowns} not judged" if unknowns else "",
        f"{waived} waived" if waived else "",
        count(notes, "note") if notes else "",
        f"{', '.join(mistaken)} did not come to {'its' if len(mistaken) == 1 else 'their'} end" if mistaken else "",
    ]
    said = [part for part in parts if part]
    interrupted = run.verdict is None and run.exit_code is None
    return ["interrupted before its end", *said] if interrupted else said or [f"asked for {', '.join(run.lines)}"]


def _findings(run: Run, severity: str) -> int:
    """How many causes: one that is met in several paths counts once; one that is waived is counted apart."""
    found = (finding for result in run.paths for finding in result.findings if finding.severity == severity)
    return len({finding.fingerprint for finding in found if not run.waiver_of(finding)})


def _waived(run: Run) -> int:
    said = (each for result in run.paths for each in result.judgements)
    return len({each.fingerprint for each in said if run.waiver_of(each)})
