"""Finds the project that a command is about: its pyproject.toml, here or above, and its waivers."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from hotfire.checks import check_named, lines
from hotfire.config import SNIPPET, parse
from hotfire.errors import UsageError
from hotfire.model.check import Check, Reviewed
from hotfire.model.waiver import Waiver
from hotfire.reports.archive import FOLDER
from hotfire.waivers import FILE as WAIVERS
from hotfire.waivers import parse as parse_waivers
from hotfire.worlds.dependencies import kinds
from hotfire.worlds.driver.load import load
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


def waivers_of(site: Site) -> tuple[Waiver, ...]:
    """The project's accepted risks; none where there is no waivers.toml.

    Raises:
        UsageError: the file cannot be read, or an entry is not complete.
    """
    file = site.launch / WAIVERS
    return (
        parse_waivers(_text(site, file), f"{site.config.launch}/{WAIVERS}", known_lines=lines())
        if file.exists()
        else ()
    )


def checks_of(site: Site, wanted: Iterable[str]) -> list[Check]:
    """The checks of these lines; one that judges by reviewed files of `launch/` is given them.

    Raises:
        UsageError: there is no such line; a file cannot be read or meant, or names an unknown critical path.
    """
    return [_reviewed(site, check_named(line)) for line in wanted]


def _reviewed(site: Site, check: Check) -> Check:
    if not hasattr(check, "reads"):
        return check
    reading = cast("Reviewed", check)
    files = sorted(file for file in site.launch.glob(reading.reads) if file.is_file())
    texts = {file.relative_to(site.launch).as_posix(): _text(site, file) for file in files}
    given = reading.given(texts)
    declared = load(site.launch).paths if texts else {}
    for named in given.named:
        if named.path not in declared:
            hint = f"{named.fix}; declared are: {', '.join(declared)}"
            raise UsageError(f"{named.place} names the critical path {named.path!r}, which is not declared", hint=hint)
    return cast("Check", given)


def _text(site: Site, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        name = f"{site.config.launch}/{file.relative_to(site.launch).as_posix()}"
        raise UsageError(f"{name} cannot be read: {error}", hint="make it a readable file in UTF-8") from error


def archive_root(start: Path | None = None) -> Path:
    """The folder of stored runs: beside the nearest pyproject.toml, else here."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir() or (folder / FILE).is_file():
            return folder / FOLDER
    return here / FOLDER
