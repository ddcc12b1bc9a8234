"""Reports: one format a file, found by scanning this folder; each turns a stored run into a text."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from hotfire.errors import UsageError
from hotfire.reports.archive import Record


class Render(Protocol):
    """The one function of a format."""

    def __call__(self, record: Record) -> str:
        """The whole report as text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A report format: its name is its file's, `about` the first sentence of that file's docstring."""

    name: str
    suffix: str
    about: str
    render: Render


@cache
def formats() -> dict[str, Format]:
    """Every format by its name: each module here that has a `SUFFIX` and a `render`."""
    found: dict[str, Format] = {}
    for each in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{each.name}")
        if hasattr(module, "SUFFIX") and hasattr(module, "render"):
            about = (module.__doc__ or "").partition("\n")[0]
            render = cast("Render", module.render)
            found[each.name] = Format(name=each.name, suffix=str(module.SUFFIX), about=about, render=render)
    return found


def format_named(name: str) -> Format:
    """The format of this name.

    Raises:
        UsageError: there is none.
    """
    if name not in formats():
        raise UsageError(f"there is no report format {name!r}", hint=f"take one of {', '.join(sorted(formats()))}")
    return formats()[name]
