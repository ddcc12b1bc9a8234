"""One check a file, named as its line of the checklist; found by scanning this folder."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import cast

from hotfire.errors import UsageError
from hotfire.model.check import Check


@cache
def checks() -> dict[str, Check]:
    """Every check by its line: the class in each module whose `line` is the module's name."""
    found: dict[str, Check] = {}
    for module in pkgutil.iter_modules(__path__):
        for member in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(member, type) and getattr(member, "line", None) == module.name:
                found[module.name] = cast("Check", member())
    return found


def lines() -> tuple[str, ...]:
    """The lines of the checklist that exist."""
    return tuple(sorted(checks()))


def settings() -> dict[str, Mapping[str, type]]:
    """What may stand in [tool.hotfire.checks.LINE], by line: the type of each setting that its check declares."""
    return {line: getattr(check, "settings", {}) for line, check in sorted(checks().items())}


def check_named(line: str) -> Check:
    """The check of a line.

    Raises:
        UsageError: there is none.
    """
    if line not in checks():
        raise UsageError(f"there is no line {line!r}", hint=f"the lines that exist are {', '.join(lines())}")
    return checks()[line]
