"""What the service's Python consists of, read from its files: nothing of it is run, for it would run unsealed."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hotfire.worlds.prepared.tree import NoKey

_SITES = ("lib*/python*/site-packages", "lib*/python*/dist-packages", "local/lib/python*/dist-packages")
_HOTFIRE = re.compile(r"(__editable__\.|_editable_impl_|_)?hotfire(-\d.*)?(\.pth|\.egg-link)?")
"""hotfire itself, where it is developed: `prepare` does not import it, and what matters of it is in the key."""
_METADATA = (".dist-info", ".egg-info")
_PLAIN = (".py", ".pth", ".so", ".egg-link", ".pyd", ".zip")


def executable(python: str, project: Path) -> Path:
    """The interpreter that the zygote will be started with. NoKey where it is absent or chosen when it starts."""
    found = str(project / python) if "/" in python else shutil.which(python)
    if not found or not Path(found).is_file():
        raise NoKey(f"there is no Python at {python}")
    with Path(found).open("rb") as file:
        if file.read(2) == b"#!":
            raise NoKey(f"{found} is a script, which chooses a Python when it starts")
    return Path(found)


def traits(file: Path) -> list[int | str]:
    """A file by where it really lies, its size and its time: enough for what an installer writes."""
    status = file.stat()
    return [os.path.realpath(file), status.st_size, status.st_mtime_ns]


def sites(binary: Path) -> list[Path]:
    """The folders in which packages for it are installed; more rather than fewer."""
    prefix, real = binary.parent.parent, Path(os.path.realpath(binary)).parent.parent
    folders = [prefix]
    settings = _settings(prefix / "pyvenv.cfg")
    if settings.get("include-system-site-packages", "true") == "true":  # also where it is no virtual environment
        folders += [real, Path("~/.local").expanduser()]
    found = [path for folder in dict.fromkeys(folders) for site in _SITES for path in sorted(folder.glob(site))]
    return [path for path in dict.fromkeys(found) if path.is_dir()]


def _settings(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {key.strip().lower(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def installed(site: Path) -> dict[str, object]:
    """Each distribution by its folder's name and its RECORD, and each file that lies loose among them."""
    found: dict[str, object] = {}
    with os.scandir(site) as entries:
        for entry in entries:
            if entry.name.endswith(_METADATA):
                found[entry.name] = _record(Path(entry.path))
            elif entry.name.endswith(_PLAIN) and entry.is_file():
                found[entry.name] = traits(Path(entry.path))[1:]
            elif entry.name != "__pycache__":
                found[entry.name] = ""
    return found


def _record(folder: Path) -> list[int | str]:
    for name in ("RECORD", "installed-files.txt", "PKG-INFO", "METADATA"):
        with suppress(OSError):
            return traits(folder / name)[1:]
    return traits(folder)[1:]


def editable(site: Path) -> Iterator[Path]:
    """Folders outside of it that it imports from: editable installations, and the folders that .pth files name."""
    for file in sorted(site.glob("*.dist-info/direct_url.json")):
        if _HOTFIRE.fullmatch(file.parent.name):
            continue
        with suppress(ValueError, OSError):
            told = json.loads(file.read_bytes())
            if isinstance(told, dict) and told.get("dir_info", {}).get("editable"):
                yield Path(unquote(urlsplit(told["url"]).path))
    for file in sorted((*site.glob("*.pth"), *site.glob("*.egg-link"))):
        if _HOTFIRE.fullmatch(file.name):
            continue
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.strip() and not line.startswith(("import ", "import\t", "#")):
                yield site / line.strip()
