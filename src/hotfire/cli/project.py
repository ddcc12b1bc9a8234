"""Finds the project that a command is about: its pyproject.toml, here or above."""

from pathlib import Path

from hotfire.checks import lines
from hotfire.config import SNIPPET, parse
from hotfire.errors import UsageError
from hotfire.reports.archive import FOLDER
from hotfire.worlds.dependencies import kinds
from hotfire.worlds.launchpad import Site

FILE = "pyproject.toml"


def find_site(start: Path | None = None) -> Site:
    """The project around `start` (the working directory).

    Raises:
        UsageError: there is no pyproject.toml, or its [tool.hotfire] cannot be meant.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / FILE
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            if "[tool.hotfire" in text or folder == here:
                return Site(project=folder, config=parse(text, FILE, kinds=kinds(), known_lines=lines()))
    raise UsageError(f"there is no {FILE} in {here} or above", hint=f"make one that holds:\n\n{SNIPPET}")


def archive_root(start: Path | None = None) -> Path:
    """The folder of stored runs: beside the nearest pyproject.toml, else here."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir() or (folder / FILE).is_file():
            return folder / FOLDER
    return here / FOLDER
