"""A trial: a small value that replays."""

import hashlib
from dataclasses import dataclass, field

Scalar = None | bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What else stands as it stands: the revision of the service, the kind of process that a trial starts from."""

    revision: str = "working copy"
    generation: str = "any"  # "any": a warm generation where it proved equal; "clean": only the clean zygote


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Critical path, step key, arrangement, perturbation and seed: equal values are the same trial, any day.

    `perturbation` is the kind's name and `arguments` its fields; the kind "none" is a null trial.
    `rest` plays the steps after this one too. `check` is the line of the checklist that planned it.
    """

    path: str
    step: str
    check: str
    perturbation: str = "none"
    arguments: dict[str, Scalar] = field(default_factory=dict)
    arrangement: Arrangement = Arrangement()
    rest: bool = False
    seed: int = 0

    @property
    def id(self) -> str:
        """Eight hex digits of all fields: what `hotfire replay` takes."""
        parts = (
            self.path,
            self.step,
            self.check,
            self.perturbation,
            sorted(self.arguments.items()),
            self.rest,
            self.seed,
        )
        text = repr((*parts, self.arrangement.revision, self.arrangement.generation))
        return hashlib.sha256(text.encode()).hexdigest()[:8]
