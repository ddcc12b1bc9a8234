"""One perturbation a file; found by scanning this folder, made from a trial's kind and arguments."""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Protocol, cast

from hotfire.errors import UsageError
from hotfire.model.history import Baseline
from hotfire.model.perturbation import Perturbation, Script
from hotfire.model.trial import Scalar, Trial


@cache
def kinds() -> dict[str, type[Perturbation]]:
    """Every perturbation by its kind: in each module the class whose `kind` is the module's name."""
    found: dict[str, type[Perturbation]] = {}
    for module in pkgutil.iter_modules(__path__):
        for member in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(member, type) and getattr(member, "kind", None) == module.name:
                found[module.name] = cast("type[Perturbation]", member)
    return found


def script(trial: Trial) -> Script:
    """What a trial does, with all four methods.

    Raises:
        UsageError: its perturbation is not known (a trial of another version of hotfire).
    """
    return Script.of(_made(trial))


def variants(trial: Trial, baseline: Baseline) -> Iterator[Trial]:
    """The trial itself, or what its perturbation makes of it for this step (its method `variants`, where it has one).

    Raises:
        UsageError: as `script`.
    """
    if not hasattr(kinds().get(trial.perturbation), "variants"):
        yield trial
        return
    for arguments in cast("_Varying", _made(trial)).variants(baseline):
        yield replace(trial, arguments={**trial.arguments, **arguments})


class _Varying(Protocol):
    def variants(self, baseline: Baseline) -> Iterable[Mapping[str, Scalar]]:
        """The arguments in which each variant differs."""
        ...


def _made(trial: Trial) -> Perturbation:
    kind = kinds().get(trial.perturbation)
    if kind is None:
        raise UsageError(
            f"trial {trial.id}: there is no perturbation {trial.perturbation!r}",
            hint=f"known are {', '.join(sorted(kinds()))}; run `hotfire check` again for trials of this version",
        )
    return cast("Callable[..., Perturbation]", kind)(**trial.arguments)


def applies(trial: Trial, embedded: Collection[str]) -> bool:
    """Whether a trial can happen: between a file and the library that writes it no message is on its way to be lost."""
    needs_network = bool(getattr(kinds().get(trial.perturbation), "needs_network", False))
    return not needs_network or trial.arguments.get("dependency") not in embedded


def waits(trial: Trial) -> bool:
    """Whether a trial mostly waits, so that it needs no core of its own."""
    return bool(getattr(kinds().get(trial.perturbation), "waits", False))


def fails(trial: Trial) -> bool:
    """Whether it makes a call of the service fail, and leaves its process alive to tell of it."""
    return bool(getattr(kinds().get(trial.perturbation), "fails", False))


def is_reference(trial: Trial) -> bool:
    """Whether other trials of the step are judged against it: then each world that runs those runs it too."""
    told = getattr(kinds().get(trial.perturbation), "is_reference", False)
    return bool(getattr(_made(trial), "is_reference", False)) if isinstance(told, property) else bool(told)
