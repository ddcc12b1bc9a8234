"""hotfire explain: a line of the checklist, a perturbation, a dependency, a report or a waiver, from its own file."""

import importlib
import inspect

import click

from hotfire import checks, perturbations, reports, waivers
from hotfire.errors import UsageError
from hotfire.worlds import dependencies


@click.command("explain", short_help="Explain a line, a perturbation, a dependency, a report, or waivers.")
@click.argument("name", default="", metavar="[NAME]")
def command(name: str) -> int:
    """Explain a line of the checklist, a perturbation, a dependency, a report or waivers; without a name, list them."""
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
    names |= dict.fromkeys(reports.formats(), reports.__name__)
    modules = {name: importlib.import_module(f"{package}.{name}") for name, package in names.items()}
    modules["waivers"] = waivers  # the file that a person writes; the format of this name only prints its entries
    return {name: inspect.getdoc(module) or "" for name, module in modules.items()}
