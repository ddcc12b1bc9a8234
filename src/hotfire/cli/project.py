"""Finds the project that a command is about: its pyproject.toml, here or above, and its waivers."""

from collections.abc import Iterable
from pathlib import Path

from hotfire.checks import check_named, lines, settings
from hotfire.cli.texts import text_of
from hotfire.config import SNIPPET, parse
from hotfire.errors import UsageError
from hotfire.model.check import Check, Reviewed, Yielding
from hotfire.model.waiver import Waiver
from hotfire.reports.archive import FOLDER
from hotfire.waivers import FILE as WAIVERS
from hotfire.waivers import parse as parse_waivers
from hotfire.worlds.dependencies import kinds
from hotfire.worlds.launchpad import Site

FILE = "pyproject.toml"


def find_site(start: Path | None = None) -> Site:
    """The project around `start` (the working directory).

    Raises:
        UsageError: there is no pyproject.toml, or it cannot be read, or its [tool.hotfire] cannot be meant.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / FILE
        if file.is_file():
            text = text_of(file, str(file))
            if "[tool.hotfire" in text or folder == here:
                return Site(project=folder, config=parse(text, FILE, kinds=kinds(), settings=settings()))
    raise UsageError(f"there is no {FILE} in {here} or above", hint=f"make one that holds:\n\n{SNIPPET}")


def waivers_of(site: Site) -> tuple[Waiver, ...]:
    """The project's accepted risks; none where there is no waivers.toml.

    Raises:
        UsageError: the file cannot be read, or an entry is not complete.
    """
    file = site.launch / WAIVERS
    name = f"{site.config.launch}/{WAIVERS}"
    return parse_waivers(text_of(file, name), name, known_lines=lines()) if file.exists() else ()


def checks_of(site: Site, asked: Iterable[str]) -> tuple[Check, ...]:
    """The checks of these lines, each told of the others; one that judges by reviewed files is given those.

    Raises:
        UsageError: there is no such line, or a file cannot be read, or not be meant.
    """
    together = tuple(asked)
    checks = [check_named(line) for line in together]
    checks = [check.beside(together) if isinstance(check, Yielding) else check for check in checks]
    return tuple(check.given(_read(site, check.reads)) if isinstance(check, Reviewed) else check for check in checks)


def _read(site: Site, pattern: str) -> dict[str, str]:
    """The files of the project's launch folder that match, by the name that the user knows them by.

    Hidden ones are an editor's, or were left half written. A folder in place of a file that has one name is an error.
    """
    found: dict[str, str] = {}
    for file in sorted(site.launch.glob(pattern)):
        if file.name.startswith(".") or ("*" in pattern and not file.is_file()):
            continue
        name = f"{site.config.launch}/{file.relative_to(site.launch).as_posix()}"
        found[name] = text_of(file, name)
    return found


def archive_root(start: Path | None = None) -> Path:
    """The folder of stored runs: beside the nearest pyproject.toml, else here."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir() or (folder / FILE).is_file():
            return folder / FOLDER
    return here / FOLDER
