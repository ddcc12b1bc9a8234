"""What the engine says while it works: reporters listen, the archive writes."""

from dataclasses import dataclass

from hotfire.model.check import Judged
from hotfire.model.history import Baseline
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake, Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """Before the first path: what will be fired."""

    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSurveyed:
    """A path was played once."""

    survey: Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMeasured:
    """A step's null trials are in."""

    baseline: Baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialsPlanned:
    """More trials of a step are to run."""

    path: str
    step: str
    trials: tuple[Trial, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded:
    """A trial ran and was judged."""

    judged: Judged
    baseline: Baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialsWatched:
    """A check that watches all was shown trials of a step that others planned, or its undisturbed runs."""

    judged: tuple[Judged, ...]
    baseline: Baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingConfirmed:
    """A blocker was seen again in a fresh world, or a note was drawn."""

    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMet:
    """Something could not be judged."""

    unknown: Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFailed:
    """The undisturbed path did not come to its end by its own mistake: exit code 4; the others go on."""

    path: str
    mistake: Mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEnded:
    """All that was asked of a path is answered."""

    result: PathResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The last event: the whole result."""

    run: Run


Event = (
    RunStarted
    | PathSurveyed
    | StepMeasured
    | TrialsPlanned
    | TrialEnded
    | TrialsWatched
    | FindingConfirmed
    | UnknownMet
    | PathFailed
    | PathEnded
    | RunEnded
)
