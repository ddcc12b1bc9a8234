"""The data directory of a server of ours: made by initdb once, kept in the user's cache, copied for each run.

The cache is `$XDG_CACHE_HOME/hotfire/clusters` (or ~/.cache/…), keyed by the server's build and our own options.
An entry is written beside its name and renamed, so that two processes may make it at once and neither sees half of it.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from hotfire.errors import SetupError
from hotfire.worlds.stores.binaries import Binaries, library_path
from hotfire.worlds.stores.process import Account, last_lines, reachable, spawn

SUPERUSER = "hotfire"
FORMAT = 1  # raise it when initdb's options change
INITDB_DEADLINE = 120.0
BUILTIN_LOCALES = 17  # the first version whose C.UTF-8 does not depend on the machine
CHECKSUMS_BY_DEFAULT = 18


Fill: TypeAlias = Callable[[Path, Account | None], None]
"""Makes a data directory at a path, owned by an account, in place of initdb."""


def make_cluster(binaries: Binaries, folder: Path, account: Account | None, fill: Fill | None = None) -> Binaries:
    """Make `folder/data`: by `fill`, or from the cache where it is warm. Gives the binaries to run it with.

    These are copies in `folder` where the account cannot reach the originals (a virtual environment under /root).
    """
    binaries = _within_reach(binaries, folder, account)
    kept = kept_cluster(binaries.identity)
    data = folder / "data"
    if fill is not None:
        fill(data, account)
        return binaries
    if os.access(kept, os.R_OK | os.X_OK):
        copy_tree(kept, data, account)
        return binaries
    _initdb(binaries, folder, account)
    with suppress(OSError):  # a cache that cannot be written is only slower
        _keep(data, kept)
    return binaries


def kept_cluster(identity: str) -> Path:
    """Where initdb's work for this build is kept; it need not be there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "hotfire" / "clusters" / f"{identity}-{FORMAT}"


def _keep(data: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f".{kept.name}-{secrets.token_hex(6)}")
    try:
        copy_tree(data, fresh, None)
        fresh.rename(kept)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def copy_tree(source: Path, target: Path, account: Account | None) -> None:
    """Copy files and folders, given to `account` if there is one; folders are closed to others."""
    target.mkdir(mode=0o700)
    for entry in os.scandir(source):
        path = target / entry.name
        if entry.is_dir(follow_symlinks=False):
            copy_tree(Path(entry.path), path, account)
        else:
            shutil.copy(entry.path, path)
            _give(path, account)
    _give(target, account)


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _within_reach(binaries: Binaries, folder: Path, account: Account | None) -> Binaries:
    if reachable(binaries.folder, account):
        return binaries
    if not binaries.embedded:
        hint = "let others pass (chmod o+x) each folder on the way, or run hotfire as its owner"
        raise SetupError(f"as root, Postgres runs as nobody, who cannot reach {binaries.folder}", hint=hint)
    copy = folder / "install"
    shutil.copytree(binaries.folder.parent, copy, ignore=shutil.ignore_patterns("*.a", "include", "doc"))
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return Binaries(folder=copy / "bin", version=binaries.version, identity=binaries.identity, embedded=True)


def _initdb(binaries: Binaries, folder: Path, account: Account | None) -> None:
    log = folder / "initdb.log"
    argv = [str(binaries.folder / "initdb"), "-D", str(folder / "data"), *_options(binaries.version)]
    process = spawn(argv, account=account, log=log, environment=library_path(binaries))
    try:
        status = process.wait(INITDB_DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    if status != 0:
        shutil.rmtree(folder / "data", ignore_errors=True)
        hint = (
            "give this uid a line in /etc/passwd"
            if "effective user ID" in last_lines(log)
            else "read the lines above; is the disk full, are the binaries whole?"
        )
        raise SetupError(f"initdb ended with status {status}:\n{last_lines(log)}", hint=hint)


def _options(version: int) -> list[str]:
    options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync", "--wal-segsize=1"]
    if version >= CHECKSUMS_BY_DEFAULT:
        options.append("--no-data-checksums")
    if version >= BUILTIN_LOCALES:
        return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, "--locale=C.UTF-8", "--lc-messages=C"]
