"""The command `hotfire`: one file per command, found by scanning this folder.

Data goes to standard output, the rest to standard error. Exit codes: 0 GO, 1 NO-GO, 2 interrupted, 3 a fault of ours,
4 usage or set-up, 5 UNKNOWN.
"""

import gc
import importlib
import pkgutil
import sys
import traceback
from importlib.metadata import version

import click

from hotfire.errors import HotfireError

INTERRUPTED, OURS, USAGE = 2, 3, 4
_YOUNG = 50_000  # new objects between two looks for garbage: imports make many, and leave none

_EPILOG = """\
Begin with `hotfire demo`, or in your own repository: write [tool.hotfire.service] into pyproject.toml and your first
critical path into launch/critical_paths.py, then run `hotfire check`. It tells what is missing.

Exit codes: 0 GO · 1 NO-GO · 2 interrupted · 3 a fault of hotfire · 4 usage or set-up · 5 UNKNOWN.
"""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("hotfire"), prog_name="hotfire")
def group() -> None:
    """Hold a Python web service between its client and its dependencies, and fire its critical paths before launch.

    You write the happy path once; hotfire derives every trial on the launch checklist, and answers GO, NO-GO or
    UNKNOWN, with evidence that another developer can inspect and repeat.
    """


def commands() -> dict[str, click.Command]:
    """Every command: the `command` of each module in this folder that has one."""
    modules = [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    found = [module.command for module in modules if isinstance(getattr(module, "command", None), click.Command)]
    return {command.name or "": command for command in found}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; never returns, never shows a traceback for what the user can mend."""
    gc.set_threshold(_YOUNG)
    code = _run(arguments)
    gc.freeze()  # the interpreter's last look for garbage, at what ends with it anyway, takes a tenth of a second
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        for name, command in commands().items():  # here, for Ctrl-C may come while they are imported
            group.add_command(command, name)
        code = group.main(arguments, prog_name="hotfire", standalone_mode=False)
    except HotfireError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("\ninterrupted; what has ended is kept: hotfire report latest", err=True)
        return INTERRUPTED
    except Exception:  # noqa: BLE001  # the last line: a fault of ours is told as one, with what to do
        click.echo(traceback.format_exc(), err=True)
        click.echo("this is a fault of hotfire\n\nhint: report it with the lines above", err=True)
        return OURS
    return code if isinstance(code, int) else 0
