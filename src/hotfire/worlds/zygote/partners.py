"""The shim for outbound connections: a declared partner's name leads to its border, and every other is told.

One file of the standard library, Python 3.8 and newer. The zygote loads it before the application is imported. Each
variable `HOTFIRE_PARTNER_<NAME>` declares partners:

    {"hosts": {"api.stripe.com": 8443, "*.amazonaws.com": 8444}, "ca": "/path/ca.pem"}

A declared host resolves to a loopback address of its own; whatever port of it is connected to, the border answers.
TLS clients trust the run's authority besides their own; the host's name is verified as ever. So are led all clients
that stand on Python's sockets, on asyncio or on uvloop; not C clients (libpq, pycurl, grpc), and no child program.

Nothing is let out here, and little is held: that is the seal's. A call that the seal refuses, or that meets a port of
the loopback where nobody listens, is told with the service's own line; its client sees the error of the network.
"""

# It runs on Python 3.8, and its work is text and system calls:
# ruff: noqa: PTH110, PTH123
from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import importlib.util
import json
import os
import socket
import sys
from typing import Any, Callable, Collection, Dict, List, MutableMapping, Set, Tuple

PREFIX = "HOTFIRE_PARTNER_"
NEAR = ("localhost", "localhost.localdomain", "ip6-localhost", "::1", "::", "0.0.0.0", "")  # noqa: S104  # only names
HOSTS: Dict[str, int] = {}  # declared host, or "*.domain" → its border's port
AUTHORITIES: List[str] = []
SHADOWS: Dict[str, str] = {}  # declared host → the loopback address that stands for it
NAMES: Dict[str, str] = {}  # address → the name that led to it
TOLD: Set[Tuple[Any, ...]] = set()  # with the process that told it: a fork tells anew
TRUSTING = "_hotfire_trusts"
Message = Dict[str, Any]


class World:
    """What the zygote sets: the way to the world, how the service's line is found, the loopback's ports of ours."""

    tell: Callable[[Message], None] = staticmethod(lambda _message: None)
    place: Callable[[], str] = staticmethod(lambda: "")
    ports: Collection[int] = ()


# ── Who is meant ──────────────────────────────────────────────────────────────────────────────────────────────────


def named(host: Any) -> str:
    """A host as it is declared: lower case, ASCII, without the dot at the end."""
    text = bytes(host).decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host or "")
    if any(ord(letter) > 127 for letter in text):
        with contextlib.suppress(UnicodeError):
            text = text.encode("idna").decode()
    return text.rstrip(".").lower()


def border_of(host: str) -> int:
    """The port of a declared host's border, 0 where it is not declared; "*.domain" stands for every name below it."""
    port = HOSTS.get(host, 0)
    while HOSTS and not port and "." in host:
        host = host.partition(".")[2]
        port = HOSTS.get("*." + host, 0)
    return port


def stand_in(host: Any, flags: int = 0) -> Any:
    """What is resolved in a host's place: a declared one's shadow, so that `connect` knows who is meant."""
    name = named(host)
    if flags & socket.AI_NUMERICHOST or not border_of(name):
        return host
    if name not in SHADOWS:
        SHADOWS[name] = "127.88.%d.%d" % divmod(len(SHADOWS) + 1, 256)
        NAMES[SHADOWS[name]] = name
    return SHADOWS[name]


def led(address: Any) -> Any:
    """The address to connect to: the border's for a declared host or its shadow, else the same."""
    if isinstance(address, tuple) and len(address) >= 2:
        port = border_of(NAMES.get(address[0], named(address[0])))
        if port:
            return "127.0.0.1", port
    return address


def is_near(host: str) -> bool:
    """Whether it is the loopback."""
    return host in NEAR or host.startswith(("127.", "::ffff:127."))


# ── What is told ──────────────────────────────────────────────────────────────────────────────────────────────────


def unreached(address: Any) -> None:
    """Tell of a call that came to nobody, unless one of the world's borders refused it, as it may be told to."""
    if isinstance(address, tuple):
        host, port = named(address[0]), address[1] if isinstance(address[1], int) else 0
        if not is_near(host) or not (port in World.ports or is_listened_to(port)):
            say({"event": "undeclared", "host": NAMES.get(host, host), "port": port})
    else:
        say({"event": "undeclared", "host": os.fsdecode(address).replace("\0", "@"), "port": 0})


def say(message: Message) -> None:
    """Send it with the service's own line, once in a process."""
    message["place"] = World.place()
    key = (os.getpid(), *message.values())
    if key not in TOLD:
        TOLD.add(key)
        World.tell(message)


def is_listened_to(port: int) -> bool:
    """Whether somebody in here listens at a port of the loopback; a refused ::1 may only have come before 127.0.0.1."""
    sought = ":%04X" % port
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError), open("/proc/self/net/" + table) as lines:
            fields = [line.split(None, 4) for line in lines]
            if any(row[1].endswith(sought) and row[3] == "0A" for row in fields):
                return True
    return False


# ── Names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

real_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host: Any, port: Any, *args: int, **options: int) -> Any:
    """As the standard library's; a declared host is its shadow."""
    flags = options.get("flags", args[3] if len(args) > 3 else 0)
    try:
        return found(host, real_getaddrinfo(stand_in(host, flags), port, *args, **options))
    except OSError:
        not_found(host, port, flags)
        raise


async def getaddrinfo_in_loop(loop: Any, host: Any, port: Any, **options: int) -> Any:
    """As a loop's, in a thread; but told from here, where it is seen who asked."""
    flags = options.get("flags", 0)
    work = functools.partial(real_getaddrinfo, stand_in(host, flags), port, **options)
    try:
        return found(host, await loop.run_in_executor(None, work))
    except OSError:
        not_found(host, port, flags)
        raise


def gethostbyname(real: Callable[[Any], Any], host: Any) -> Any:
    """As the standard library's, for both of its answers."""
    try:
        return real(stand_in(host))
    except OSError:
        not_found(host, 0, 0)
        raise


def found(host: Any, infos: Any) -> Any:
    """Keep the name of addresses that a file of this machine knows."""
    if not is_near(named(host)):
        for info in infos:
            NAMES.setdefault(info[4][0], named(host))
    return infos


def not_found(host: Any, port: Any, flags: int) -> None:
    """Tell of a name that cannot be resolved; with AI_NUMERICHOST it was no name that was asked for."""
    if not (flags & socket.AI_NUMERICHOST or is_near(named(host))):
        unreached((host, port if isinstance(port, int) else 0))


# ── Connections ───────────────────────────────────────────────────────────────────────────────────────────────────

real_connect, real_connect_ex, real_sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
INTERNET = (socket.AF_INET, socket.AF_INET6)


def connect(sock: Any, address: Any) -> None:
    """As a socket's; a declared host is its border."""
    address = meant(sock, address)
    try:
        real_connect(sock, address)
    except OSError:
        failed(sock, address)
        raise


def connect_ex(sock: Any, address: Any) -> int:
    """As a socket's; a declared host is its border."""
    try:
        address = meant(sock, address)
    except ConnectionRefusedError:
        return errno.ECONNREFUSED
    code = real_connect_ex(sock, address)
    if code:
        failed(sock, address)
    return code


def sendto(sock: Any, *args: Any) -> int:
    """As a socket's: no border takes datagrams, and those that leave are told."""
    try:
        return real_sendto(sock, *args)
    except OSError:
        if sock.family in INTERNET and not is_near(named(args[-1][0])):
            unreached(args[-1])
        raise


def meant(sock: Any, address: Any) -> Any:
    """Where it leads. Raises ConnectionRefusedError for a path where somebody outside of the seal listens."""
    if sock.family == socket.AF_UNIX and is_foreign(address):
        unreached(address)
        raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    return led(address) if sock.family in INTERNET else address


def is_foreign(path: Any) -> bool:
    """Whether a socket lies there that was bound elsewhere: what a namespace lists are the sockets of its own."""
    try:
        name = os.fsdecode(path)
        if not name or name.startswith("\0") or not os.path.exists(name):
            return False
        with open("/proc/self/net/unix") as table:
            bound = [fields[7] for fields in (line.rstrip("\n").split(None, 7) for line in table) if len(fields) == 8]
    except (TypeError, OSError):
        return False
    real = os.path.realpath(name)
    return not any(real == os.path.realpath(each) or real.endswith("/" + each) for each in bound)


def failed(sock: Any, address: Any) -> None:
    """A connection did not come about at once: tell it, where nobody is there with whom it could come about later."""
    if sock.family in INTERNET or (sock.family == socket.AF_UNIX and not os.path.exists(address)):
        unreached(address)


# ── TLS ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def trusting(real: Callable[..., Any]) -> Callable[..., Any]:
    """`wrap_socket` and `wrap_bio`: the context trusts the run's authorities too, whatever else it was given."""

    @functools.wraps(real)
    def wrap(context: Any, *args: Any, **options: Any) -> Any:
        if not getattr(context, TRUSTING, False):
            setattr(context, TRUSTING, True)
            for authority in AUTHORITIES:
                context.load_verify_locations(cadata=authority)
        return real(context, *args, **options)

    return wrap


def seen(real: Callable[..., Any]) -> Callable[..., Any]:
    """`getpeercert`: who takes a border's certificate as bytes compares its fingerprint, and will not go on."""

    @functools.wraps(real)
    def getpeercert(connection: Any, binary_form: bool = False) -> Any:  # noqa: FBT001, FBT002  # its signature
        host = named(connection.server_hostname)
        if binary_form and border_of(host):
            say({"event": "pinned", "host": host})
        return real(connection, binary_form)

    return getpeercert


# ── uvloop, whose C paths pass Python's sockets by ────────────────────────────────────────────────────────────────


class Awaited:
    """On `sys.meta_path`: changes uvloop's loop when it is imported, and not before."""

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """The module's own specification, which does its work and ours."""
        if name != "uvloop":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        loader: Any = spec.loader if spec else None
        if loader is not None:
            real = loader.exec_module

            def exec_module(module: Any) -> None:
                real(module)
                hold(module.Loop)

            loader.exec_module = exec_module
        return spec


def hold(kind: Any) -> None:
    """Have uvloop's loop resolve and connect as above."""
    real, real_unix = kind.create_connection, kind.create_unix_connection

    async def create_connection(loop: Any, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        to = led((host, port)) if host else (host, port)
        if to != (host, port) and options.get("ssl") and options.get("server_hostname") is None:
            options["server_hostname"] = NAMES.get(host, host)
        try:
            return await real(loop, factory, *to, **options)
        except OSError:
            if host:
                unreached(to)
            raise

    async def create_unix_connection(loop: Any, factory: Any, path: Any = None, **options: Any) -> Any:
        if path and is_foreign(path):
            unreached(path)
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        return await real_unix(loop, factory, path, **options)

    kind.getaddrinfo = getaddrinfo_in_loop
    kind.create_connection, kind.create_unix_connection = create_connection, create_unix_connection


# ── Where they meet the application ───────────────────────────────────────────────────────────────────────────────


def undeclare(environment: MutableMapping[str, str]) -> List[str]:
    """Take what the world declares out of an environment: it is not the service's."""
    return [environment.pop(name) for name in list(environment) if name.startswith(PREFIX)]


def declare(texts: List[str]) -> None:
    """Know these partners."""
    for text in texts:
        declared = json.loads(text)
        HOSTS.update((named(host), int(port)) for host, port in declared["hosts"].items())
        if declared.get("ca"):
            with open(declared["ca"]) as file:
                AUTHORITIES.append(file.read())


def install(environment: MutableMapping[str, str]) -> None:
    """Put ours in the place of the standard library's."""
    declare(undeclare(environment))
    kind: Any = socket.socket
    kind.connect, kind.connect_ex, kind.sendto = connect, connect_ex, sendto
    socket.getaddrinfo = getaddrinfo
    for name in ("gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, functools.partial(gethostbyname, getattr(socket, name)))
    loop: Any = asyncio.BaseEventLoop
    loop.getaddrinfo = getaddrinfo_in_loop
    sys.meta_path.insert(0, Awaited())
    if AUTHORITIES:
        ssl = importlib.import_module("ssl")  # a Python without it has no TLS clients
        context: Any = ssl.SSLContext
        context.wrap_socket, context.wrap_bio = trusting(context.wrap_socket), trusting(context.wrap_bio)
        for connection in (ssl.SSLSocket, ssl.SSLObject):
            connection.getpeercert = seen(connection.getpeercert)
