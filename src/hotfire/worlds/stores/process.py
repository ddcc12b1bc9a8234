"""Server processes of ours: run as an unprivileged user where they must be, and gone when their owner is.

Postgres refuses to run as root. As root we give the uid away before exec; as anybody else we run it directly.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An unprivileged user and group."""

    uid: int
    gid: int


def unprivileged() -> Account | None:
    """Whom to become before Postgres starts: nobody where we are root, else None."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(uid=NOBODY, gid=NOBODY)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def reachable(path: Path, account: Account | None) -> bool:
    """Whether `account` may read what lies under `path`: each folder on the way lets others pass."""
    if account is None:
        return os.access(path, os.R_OK | os.X_OK)
    path = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def spawn(
    argv: list[str],
    *,
    account: Account | None,
    log: Path,
    environment: Mapping[str, str],
    end: signal.Signals = signal.SIGQUIT,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own that dies when the calling *thread* ends, its output in `log`.

    The kernel ties the death signal to the thread that forked, so call this on a thread that lives as long as the
    program should: the event loop's own. `end` is that signal; SIGQUIT is Postgres's immediate shutdown, which takes
    its backends along.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603  (we built the command)
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=log.parent,
            env={"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC", "PGTZ": "UTC", **environment},
            start_new_session=True,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            preexec_fn=_die_with_owner(end),  # noqa: PLW1509  (one system call; a change of uid clears it, so not earlier)
        )


def _die_with_owner(end: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: nothing is loaded between fork and exec
    owner = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, end)
        if os.getppid() != owner:  # it died between fork and prctl
            os._exit(1)

    return tie


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a server's own log, for an error's message."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "(no log)"
    return "\n".join(lines[-count:]) or "(the log is empty)"
