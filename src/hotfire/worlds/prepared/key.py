"""The key of a prepared state: a digest of all that `prepare` can depend on.

It runs behind the network seal, in a clean environment. So it depends on its commands, its environment, the project's
files, the service's Python with what is installed there, the server, and what we do to the database afterwards. Files
elsewhere count where a command or the environment names them. It may ask what day it is: the day is in the key, too.
Folders are told relative to the project, so that a copy of it has the same key; what names the project's own place is
found in what was prepared (`shelf.py`).
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hotfire.config import Config
from hotfire.worlds.prepared import python
from hotfire.worlds.prepared.tree import Files, Left, Memory, NoKey, Reader
from hotfire.worlds.stores.binaries import find_binaries
from hotfire.worlds.stores.foreign import names_foreign

FORMAT = 1
_OWN_CODE = Path(__file__).parents[1]  # worlds/: the change log, the template, the server's settings, the seal
_OURS = frozenset({"critical_paths.py", "expected", "permissions.toml", "waivers.toml", "changes"})
_INHERITED = ("PATH", "HOME", "LANG")
_BREAKS = re.compile(r"[\s:;,=\"']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Whose key it is: where it lies, what it configures, and the service's Python as configured."""

    folder: Path
    launch: Path
    config: Config
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A digest, and whose it is. `files` tells, when another key was wanted, what has changed."""

    digest: str
    project: Path
    files: Files


def key_of(project: Project, memory: Memory) -> Key:
    """The key of what `prepare` would now leave. NoKey says why there is none.

    What it leaves elsewhere than in Postgres is not kept: whether there is something, is seen when it has run.
    """
    servers = [each.server for each in project.config.dependencies if each.kind == "postgres"]
    if len(servers) != 1 or names_foreign(servers[0]):
        raise NoKey("what it leaves is kept where there is one Postgres server of ours")
    reader = Reader(memory=memory)
    try:
        files = reader.tree(project.folder, _left(project))
        parts = {
            "files": files,
            "service": [project.config.service.prepare, project.config.service.environment],
            "inherited": {name: os.environ.get(name, "").replace(str(project.folder), ".") for name in _INHERITED},
            "named": _named(project, reader),
            "python": _python(project, reader),
            "stand-ins": _beside_stand_ins(project),
            "server": find_binaries(servers[0]).identity,
            "ours": [FORMAT, _version(), reader.tree(_OWN_CODE)],
            "day": [f"{datetime.now(tz=UTC):%F}", f"{datetime.now(tz=UTC).astimezone():%F %z}"],
        }
    except OSError as error:
        raise NoKey(f"it may read {error.filename}, which cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise NoKey(f"a command cannot be read: {error}") from error
    finally:
        memory.save()
    told = json.dumps(parts, sort_keys=True).encode()
    return Key(digest=hashlib.sha256(told).hexdigest()[:40], project=project.folder, files=files)


def _left(project: Project) -> Left | None:
    """Files of ours in the launch folder are not read by `prepare`, unless a command goes into that folder."""
    name = os.path.relpath(project.launch, project.folder)
    if name.startswith(".") or any(Path(name).name in command for command in project.config.service.prepare):
        return None
    ours = {f"{name}/{each}" for each in _OURS}
    return lambda path, _: path in ours


def _python(project: Project, reader: Reader) -> object:
    binary = python.executable(project.python, project.folder)
    sites = python.sites(binary)
    outside = {path for site in sites for path in python.editable(site) if path.exists() and _outside(path, project)}
    return {
        "binary": [_relative(binary, project), *python.traits(binary)],
        "commands": [python.traits(path) for path in _programs(project, binary)],
        "installed": {_relative(site, project): python.installed(site) for site in sites},
        "editable": {str(path): reader.tree(path) for path in sorted(outside)},
    }


def _beside_stand_ins(project: Project) -> object:
    """What partners' stand-ins can import, which answer `prepare` in our own Python; nothing where there are none."""
    partners = any(each.kind == "http" for each in project.config.dependencies)
    return [python.installed(site) for site in python.sites(Path(sys.executable))] if partners else []


def _programs(project: Project, binary: Path) -> Iterator[Path]:
    """What the commands start, found as they find it: beside the service's Python first."""
    beside = os.pathsep.join((str(binary.parent), os.environ.get("PATH", os.defpath)))
    for command in project.config.service.prepare:
        found = shutil.which(shlex.split(command)[0], path=beside) if command.strip() else None
        if found and _outside(Path(found), project):
            yield Path(found)


def _named(project: Project, reader: Reader) -> dict[str, Files]:
    """Files and folders outside the project that commands, the environment or a dependency name; its launch folder."""
    texts = [*project.config.service.prepare, *project.config.service.environment.values()]
    texts += [text for each in project.config.dependencies for text in (each.folder, each.stub)]
    words = {word for text in texts for word in (text, *_BREAKS.split(text)) if word.startswith(("/", "~", ".."))}
    paths = {(project.folder / Path(word).expanduser()).resolve() for word in words if len(word) < 1024}
    paths.add(project.launch)
    paths.discard(Path("/"))  # a URL's, or a cookie's
    return {str(path): reader.tree(path) for path in sorted(paths) if path.exists() and _outside(path, project)}


def _outside(path: Path, project: Project) -> bool:
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(project.folder))


def _relative(path: Path, project: Project) -> str:
    return f"./{path.relative_to(project.folder)}" if path.is_relative_to(project.folder) else str(path)


def _version() -> str:
    try:
        return version("hotfire")
    except PackageNotFoundError:
        return ""
