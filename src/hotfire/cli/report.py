"""hotfire report: a stored run in another format, on standard output or in a file."""

from pathlib import Path

import click

from hotfire.cli.project import archive_root
from hotfire.errors import UsageError
from hotfire.reports import format_named, formats
from hotfire.reports.archive import LATEST, load_run


@click.command("report", short_help=f"Print a stored run as a report: {', '.join(sorted(formats()))}.")
@click.argument("run", default=LATEST, metavar="[RUN]")
@click.option("--format", "name", default="terminal", metavar="FORMAT", help=f"One of {', '.join(sorted(formats()))}.")
@click.option("-o", "--output", "output", default="", metavar="FILE", help="Write it there, not to standard output.")
def command(run: str, name: str, output: str) -> int:
    """Print a stored run (the latest, unless named) as a report; `hotfire explain FORMAT` says what a format is for."""
    text = format_named(name).render(load_run(archive_root(), run))
    if output:
        write(Path(output), text)
    else:
        click.echo(text, nl=not text.endswith("\n"))
    return 0


def wanted_reports(texts: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    """What `--report FORMAT=FILE` asks for, each with its folder made; refused before anything is fired.

    Raises:
        UsageError: there is no such format, no file is named, or it cannot be written there.
    """
    found = []
    for text in texts:
        name, _, file = text.partition("=")
        suffix = format_named(name).suffix
        if not file:
            raise UsageError(f"--report {text} names no file", hint=f"write --report {name}=hotfire.{suffix}")
        _make_room(Path(file))
        found.append((name, Path(file)))
    return tuple(found)


def write(file: Path, text: str) -> None:
    """Write a report where the user wants it.

    Raises:
        UsageError: it cannot be written there.
    """
    _make_room(file)
    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(file, error) from error


def _make_room(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(file, error) from error
    if file.is_dir():
        raise UsageError(f"{file} is a folder", hint=f"name a file in it: {file / 'hotfire.xml'}")


def _unwritable(file: Path, error: OSError) -> UsageError:
    return UsageError(f"{file} cannot be written: {error.strerror}", hint="name a file in a folder that is yours")
