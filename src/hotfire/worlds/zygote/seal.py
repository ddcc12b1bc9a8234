"""The seal: this process and all below it leave the network for good, and what could lead back (DESIGN section 7).

One file of the standard library, Python 3.8 and newer; the zygote loads it by its path.

    network        a namespace of its own, with a loopback and no way out of it
    unix sockets   those that lie in the file system are hidden in a view of it that nobody else has
    partners       declared hosts, and who certifies them, stand in the system's files, in that view alone
    rights         what root could go back with is given up: no namespace, process or interface of others is touched

It holds accidents, not malice: root still writes the files of this machine. What remains: a socket in the file system
that somebody makes later, outside of the hidden folders, is kept from Python's clients alone, by the shim in
partners.py; and no namespace holds the line to a hypervisor (AF_VSOCK).
"""

# It runs on Python 3.8, and its work is system calls:
# ruff: noqa: PTH100, PTH101, PTH109, PTH112, PTH113, PTH123
from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys
import tempfile
from typing import Dict, Iterator, List, Sequence, Set

LIBC = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWNET = 0x00020000, 0x10000000, 0x40000000
BIND, REC, PRIVATE = 4096, 16384, 1 << 18
NAME_SERVICES = ("/sss/pipes/",)  # the C library asks them for users; they know no hosts
KNOWN_HOSTS = "/etc/hosts"
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")  # Debian's, Red Hat's
ROOMS = "/run/"  # servers keep their sockets in folders of this one, and make them anew when they start again
PR_CAPBSET_DROP = 24
GIVEN_UP = {  # linux/capability.h
    2: "DAC_READ_SEARCH",  # files by handle, past what hides them
    8: "SETPCAP",
    12: "NET_ADMIN",  # an interface whose other end lies in another namespace
    13: "NET_RAW",
    16: "SYS_MODULE",
    17: "SYS_RAWIO",
    19: "SYS_PTRACE",  # another process: its memory, its descriptors, its view of the file system
    21: "SYS_ADMIN",  # back into another namespace; mounts
    22: "SYS_BOOT",
    27: "MKNOD",
    38: "PERFMON",
    39: "BPF",
    40: "CHECKPOINT_RESTORE",
}


def seal(hosts: Dict[str, str], authorities: Sequence[str]) -> str:
    """Leave the network, for good and for all descendants; the reason where the kernel refuses, else nothing.

    `hosts` are names that are known in here, with their addresses, whatever library resolves them; `authorities` are
    trusted in here (PEM) by all programs that trust those of the system, such as curl.
    Rehearsed in a fork first: a namespace whose loopback cannot be brought up could not be left again.
    """
    own = [NEWNET | NEWNS, NEWNET] if os.geteuid() == 0 else []
    added = {path: "".join(authorities) for path in BUNDLES}
    added[KNOWN_HOSTS] = "".join("%s %s\n" % (hosts[name], name) for name in sorted(hosts))
    reasons = []
    for flags in [*own, NEWUSER | NEWNET | NEWNS, NEWUSER | NEWNET]:
        reason = _rehearse(flags, added)
        if not reason:
            _enter(flags, added)
            return ""
        reasons.append(reason)
    return reasons[0]


def _rehearse(flags: int, added: Dict[str, str]) -> str:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _enter(flags, added)
        except BaseException as problem:  # noqa: BLE001  # a fork must never return into the caller's code
            os.write(writer, str(problem).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as said:
        reason = said.read()
    os.waitpid(pid, 0)
    return reason


def _enter(flags: int, added: Dict[str, str]) -> None:
    paths, uid, gid = _unix_sockets(), os.geteuid(), os.getegid()
    _must(LIBC.unshare(flags), "unshare")
    if flags & NEWUSER:  # the map may be refused; the namespace holds all the same
        for name, text in (
            ("uid_map", "%d %d 1" % (uid, uid)),
            ("setgroups", "deny"),
            ("gid_map", "%d %d 1" % (gid, gid)),
        ):
            with contextlib.suppress(OSError), open("/proc/self/" + name, "w") as file:
                file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:  # SIOCSIFFLAGS: IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", 0x41))
    if flags & NEWNS and LIBC.mount(None, b"/", None, REC | PRIVATE, None) == 0:
        _hide(paths)
        for path in sorted(added):
            _add(path, added[path])
    _give_up()


def _must(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), what + ": " + os.strerror(ctypes.get_errno()))


# ── Unix sockets ──────────────────────────────────────────────────────────────────────────────────────────────────


def _unix_sockets() -> Set[str]:
    """Paths at which somebody is now: a network namespace alone does not hold them (libpq's, docker's, syslog's …)."""
    paths = {"/run/docker.sock", "/var/run/docker.sock", "/run/postgresql/.s.PGSQL.5432"}
    with contextlib.suppress(OSError), open("/proc/net/unix") as table:
        fields = [line.rstrip("\n").split(None, 7) for line in table]
        paths |= {row[7] for row in fields if len(row) == 8 and row[7].startswith("/")}
    return {os.path.realpath(path) for path in paths if not any(name in path for name in NAME_SERVICES)}


def _hide(paths: Set[str]) -> None:
    """Nothing but this private view changes: connect() meets a file that is no socket, or none."""
    folders = {folder for path in paths for folder in _rooms(path)}
    for folder in folders:
        LIBC.mount(b"tmpfs", folder.encode(), b"tmpfs", 0, b"mode=755,size=1m")
    for path in paths:
        LIBC.mount(b"/dev/null", path.encode(), None, BIND, None)


def _rooms(path: str) -> Iterator[str]:
    """The folder right below /run that a socket is in; not where something lies that the service was told of."""
    folder = os.path.realpath(ROOMS + path[len(ROOMS) :].partition("/")[0]) if path.startswith(ROOMS) else ""
    told: List[str] = [os.getcwd(), os.path.abspath(__file__), sys.prefix, sys.base_prefix, *os.environ.values()]
    if folder and os.path.isdir(folder) and not any(folder + "/" in text + "/" for text in told):
        yield folder


# ── Partners ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(path: str, text: str) -> None:
    """Have a file say more in this view, and in no other."""
    if not text or not os.path.isfile(path):
        return
    with open(path) as file, tempfile.NamedTemporaryFile("w") as ours:
        ours.write(file.read() + "\n" + text)
        ours.flush()
        os.chmod(ours.name, 0o644)  # as the file that it covers
        LIBC.mount(ours.name.encode(), os.path.realpath(path).encode(), None, BIND, None)


# ── Rights ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _give_up() -> None:
    """Give up rights for good: out of the bounding set too, or the next program that root runs has them again."""
    for number in sorted(GIVEN_UP, reverse=True):
        if LIBC.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0 and ctypes.get_errno() != errno.EINVAL:
            _must(-1, "PR_CAPBSET_DROP " + GIVEN_UP[number])
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    sets = ctypes.create_string_buffer(24)
    _must(LIBC.capget(header, sets), "capget")
    words = list(struct.unpack("6I", sets.raw))  # effective, permitted, inheritable; then of the higher numbers
    for number in GIVEN_UP:
        for kind in range(3):
            words[3 * (number // 32) + kind] &= ~(1 << number % 32)
    _must(LIBC.capset(header, struct.pack("6I", *words)), "capset")
