"""hotfire explain: what a line of the checklist, a perturbation or a kind of dependency is, from its own file."""

import importlib
import inspect

import click

from hotfire import checks, perturbations
from hotfire.errors import UsageError
from hotfire.worlds import dependencies


@click.command("explain", short_help="Explain a line of the checklist, a perturbation, a dependency.")
@click.argument("name", default="", metavar="[NAME]")
def command(name: str) -> int:
    """Explain a line of the checklist, a perturbation or a kind of dependency; without a name, list what there is."""
    if not name:
        for each, text in sorted(_texts().items()):
            click.echo(f"{each:<14} {text.splitlines()[0]}")
        return 0
    if name not in _texts():
        raise UsageError(f"there is nothing named {name!r}", hint=f"known are {', '.join(sorted(_texts()))}")
    click.echo(_texts()[name])
    return 0


def _texts() -> dict[str, str]:
    names = dict.fromkeys(checks.lines(), checks.__name__)
    names |= dict.fromkeys(perturbations.kinds(), perturbations.__name__)
    names |= dict.fromkeys(dependencies.kinds(), dependencies.__name__)
    return {name: inspect.getdoc(importlib.import_module(f"{package}.{name}")) or "" for name, package in names.items()}
