"""A program that tries every way out of the seal that is known, with the standard library and what is installed.

    python ways_out.py '{"host": "10.0.0.2", "tcp": 4001, "udp": 4002, "pid": 1234, "folder": "/tmp/ears", …}'

Run behind the seal; says in JSON what each way met, nothing where it came through; an ear hears what comes through.
"""

# It looks like what a service does, and it catches whatever it meets:
# ruff: noqa: BLE001, PLC0415, PTH103, PTH119, PTH120, PTH123, PTH208

import ctypes
import json
import os
import socket
import struct
import subprocess
import sys

KNOWN = json.loads(sys.argv[1])
HOST, TCP, UDP, PID = KNOWN["host"], KNOWN["tcp"], KNOWN["udp"], KNOWN["pid"]
HELLO = b"out"
LIBC = ctypes.CDLL(None, use_errno=True)
NEWNET, NEWNS, NEWUSER = 0x40000000, 0x00020000, 0x10000000


def call(name, *args):
    """A system call's function, whose failure is an OSError."""
    if getattr(LIBC, name)(*args) < 0:
        raise OSError(ctypes.get_errno(), name)


def stream(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(5)
        line.connect(address)
        line.sendall(HELLO)


def datagram(family, address, *options):
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        for option in options:
            line.setsockopt(*option)
        line.sendto(HELLO, address)


def question(kind, port):
    asked = b"\x124\x01\0\0\x01\0\0\0\0\0\0\x07example\x03org\0\0\x01\0\x01"
    with socket.socket(socket.AF_INET, kind) as line:
        line.settimeout(5)
        line.connect(("8.8.8.8", port))
        line.send(asked if kind == socket.SOCK_DGRAM else struct.pack("!H", len(asked)) + asked)
        line.recv(512)


def command(*argv):
    done = subprocess.run(argv, capture_output=True, timeout=20, check=False)
    if done.returncode:
        raise OSError(done.returncode, (done.stderr or done.stdout).decode().strip()[-120:])


def libpq(host):
    import psycopg

    psycopg.connect(f"host={host} port={TCP} user=app dbname=app", connect_timeout=5)


def asyncpg_to(host):
    import asyncio

    import asyncpg

    asyncio.run(asyncpg.connect(host=host, port=TCP, user="app", database="app", timeout=5))


def raw(protocol):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol) as line:
        line.sendto(struct.pack("!HHHH", TCP, UDP, 11, 0) + HELLO, (HOST, 0))


def frame():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as line:
        names = [name for _, name in socket.if_nameindex() if name != "lo"]
        line.bind((names[0] if names else "eth0", 0))
        line.send(b"\xff" * 12 + b"\x08\0" + HELLO * 20)


def ping():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as line:
        line.sendto(b"\x08\0\0\0\0\0\0\0", (HOST, 0))


def pair_of_interfaces():
    """By netlink: one end in here, the other in the namespace of a process outside."""
    command("ip", "link", "add", "out0", "type", "veth", "peer", "name", "out1", "netns", str(PID))


def namespace(pid, kind):
    with open(f"/proc/{pid}/ns/net") as there:
        call("setns", there.fileno(), kind)
    stream(socket.AF_INET, (HOST, TCP))


def any_namespace():
    """Of whatever process can be seen: init, who started us, neighbours."""
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            return namespace(pid, NEWNET)
        except OSError as problem:
            last = problem
    raise last


def nested():
    """With all rights in a user namespace of its own, back into another's network."""
    call("unshare", NEWUSER | NEWNS)
    namespace(PID, NEWNET)


def uncovered():
    """What hides a socket is taken away."""
    call("umount2", KNOWN["early"].encode(), 2)
    stream(socket.AF_UNIX, KNOWN["early"])


def uncovered_in_a_nest():
    call("unshare", NEWUSER | NEWNS)
    uncovered()


def mounted():
    """The file system, seen anew, without what hides a socket."""
    folder = os.path.dirname(KNOWN["early"])
    os.makedirs(folder + "/again", exist_ok=True)
    call("unshare", NEWUSER | NEWNS)
    call("mount", folder.encode(), (folder + "/again").encode(), None, 4096, None)
    stream(socket.AF_UNIX, folder + "/again/" + os.path.basename(KNOWN["early"]))


def refused():
    """A datagram is taken by whoever listens in here: nobody."""
    raise OSError(0, "it was heard by an ear, or by nobody")


def stolen():
    """The descriptors of a process outside."""
    pidfd = os.pidfd_open(PID)
    for number in range(3, 64):
        fd = LIBC.syscall(438, pidfd, number, 0)  # pidfd_getfd
        if fd >= 0:
            with socket.socket(fileno=fd) as line:
                if line.family == socket.AF_INET:
                    line.sendto(HELLO, (HOST, UDP))
                    return
    raise OSError(ctypes.get_errno(), "pidfd_getfd")


def inherited():
    """Descriptors that were left open in here."""
    for name in os.listdir("/proc/self/fd"):
        try:
            line = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        with line:
            if line.family in (socket.AF_INET, socket.AF_INET6):
                return
    raise OSError(0, "there are none")


def traced():
    call("ptrace", 16, PID, None, None)  # PTRACE_ATTACH
    os.waitpid(PID, 0)
    call("ptrace", 17, PID, None, None)  # PTRACE_DETACH


def root_of_another():
    stream(socket.AF_UNIX, f"/proc/{PID}/root{KNOWN['early']}")


V4, V6, UNIX = socket.AF_INET, socket.AF_INET6, socket.AF_UNIX
CHILD = f"import socket; socket.create_connection(({HOST!r}, {TCP}), 5).sendall(b'out')"
WAYS = {
    "tcp to an address of this machine": lambda: stream(V4, (HOST, TCP)),
    "tcp to this machine's loopback": lambda: stream(V4, ("127.0.0.1", TCP)),
    "tcp to the world": lambda: stream(V4, ("1.1.1.1", 80)),
    "udp to an address of this machine": lambda: datagram(V4, (HOST, UDP)),
    "udp to this machine's loopback": lambda: (datagram(V4, ("127.0.0.1", UDP)), refused()),
    "dns by udp": lambda: question(socket.SOCK_DGRAM, 53),
    "dns by tcp": lambda: question(socket.SOCK_STREAM, 53),
    "a name": lambda: socket.getaddrinfo("example.org", 80),
    "ipv6 to the world": lambda: stream(V6, ("2001:4860:4860::8888", 53)),
    "ipv6 to this machine's loopback": lambda: stream(V6, ("::1", TCP)),
    "ipv6 of the link": lambda: datagram(V6, ("fe80::1", UDP, 0, 2)),
    "ipv6 multicast": lambda: datagram(V6, ("ff02::1", UDP, 0, 2)),
    "multicast": lambda: datagram(V4, ("224.0.0.1", UDP)),
    "broadcast": lambda: datagram(V4, ("255.255.255.255", UDP), (socket.SOL_SOCKET, socket.SO_BROADCAST, 1)),
    "libpq to an address of this machine": lambda: libpq(HOST),
    "libpq to the world": lambda: libpq("192.0.2.1"),
    "libpq by a unix socket": lambda: libpq(KNOWN["folder"]),
    "asyncpg": lambda: asyncpg_to(HOST),
    "curl": lambda: command("curl", "-sS", "-m", "5", f"http://{HOST}:{TCP}/"),
    "a child": lambda: command(sys.executable, "-c", CHILD),
    "a unix socket": lambda: stream(UNIX, KNOWN["early"]),
    "a unix socket for datagrams": lambda: datagram(UNIX, KNOWN["datagrams"]),
    "an abstract unix socket": lambda: stream(UNIX, "\0" + KNOWN["abstract"]),
    "a raw packet": lambda: raw(socket.IPPROTO_UDP),
    "an ethernet frame": frame,
    "icmp": ping,
    "netlink": pair_of_interfaces,
    "another's namespace": lambda: namespace(PID, NEWNET),
    "any namespace": any_namespace,
    "another's namespace from a user namespace": nested,
    "the cover taken away": uncovered,
    "the cover taken away in a user namespace": uncovered_in_a_nest,
    "another mount": mounted,
    "another's root": root_of_another,
    "another's descriptors": stolen,
    "a descriptor that was left open": inherited,
    "a debugger": traced,
}


def attempt(way):
    """In a child, which a way may change for good: what it met, or "" where it came through."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            WAYS[way]()
            said = ""
        except ImportError as problem:
            said = f"not installed: {problem}"
        except BaseException as problem:
            said = f"{type(problem).__name__}: {problem}"
        os.write(writer, said.encode()[:4000])
        os._exit(0)
    os.close(writer)
    with open(reader) as lines:
        said = lines.read()
    os.waitpid(pid, 0)
    return said


if __name__ == "__main__":
    print(json.dumps({way: attempt(way) for way in WAYS}))
