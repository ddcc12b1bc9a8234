"""The seal holds: a program that tries three dozen ways out reaches nobody, be it root's or a user's without rights."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotfire.worlds.processes import Zygote

PROGRAM = Path(__file__).with_name("ways_out.py")
OUTSIDE = "192.0.2.1"  # kept for documentation (RFC 5737): nobody lives there
NOBODY = 65534


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Sockets of this machine that hear whatever comes, and a process outside that holds one of them."""

    known: dict[str, object]
    sockets: dict[str, socket.socket]

    def heard(self) -> list[str]:
        """Who was reached."""
        found = []
        for name, ear in self.sockets.items():
            ear.setblocking(False)
            try:
                ear.recvfrom(512) if ear.type == socket.SOCK_DGRAM else ear.accept()[0].close()
            except BlockingIOError:
                continue
            found.append(name)
        return found


def own_address() -> str:
    """The address that this machine has in a network; its loopback's where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        try:
            asker.connect((OUTSIDE, 9))  # sends nothing: it asks for the address that would be used
        except OSError:
            return "127.0.0.1"
        return str(asker.getsockname()[0])


@contextmanager
def listening() -> Iterator[Ears]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir="/tmp", prefix="hfe-"))
        os.chmod(folder, 0o777)  # noqa: S103, PTH101  # the other user's program must pass

        def ear(family: int, kind: int, address: object) -> socket.socket:
            made = stack.enter_context(socket.socket(family, kind))
            made.bind(address)
            if kind == socket.SOCK_STREAM:
                made.listen()
            return made

        tcp = ear(socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 0))  # noqa: S104  # all of its addresses are meant
        udp = ear(socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 0))  # noqa: S104  # likewise
        port, name = tcp.getsockname()[1], f"hotfire-ear-{os.getpid()}"
        paths = {"early": f"{folder}/early", "datagrams": f"{folder}/datagrams", "libpq": f"{folder}/.s.PGSQL.{port}"}
        sockets = {"tcp": tcp, "udp": udp, "abstract": ear(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{name}")}
        for word, path in paths.items():
            kind = socket.SOCK_DGRAM if word == "datagrams" else socket.SOCK_STREAM
            sockets[word] = ear(socket.AF_UNIX, kind, path)
            os.chmod(path, 0o777)  # noqa: S103, PTH101  # likewise
        neighbour = stack.enter_context(subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[udp.fileno()]))
        known = {"host": own_address(), "tcp": port, "udp": udp.getsockname()[1], "pid": neighbour.pid}
        yield Ears(known={**known, **paths, "folder": folder, "abstract": name}, sockets=sockets)
        assert neighbour.stdin
        neighbour.stdin.close()


async def try_out(python: str) -> None:
    """Hold what is true of every attempt: it fails, and no ear has heard it."""
    with listening() as ears:
        zygote = await Zygote.launch(python, Path("/tmp"), {})
        try:
            assert zygote.sealed, zygote.reason
            status, said = await zygote.run(["python", str(PROGRAM), json.dumps(ears.known)], Path("/tmp"), {})
        finally:
            await zygote.close()
        assert status == 0, said
        met = json.loads(said)
        assert [way for way, problem in met.items() if not problem] == []
        assert len(met) >= 36
        assert ears.heard() == [], met


def run_as(user: int, python: str) -> None:
    """In a process of its own, which gives up root where it is to be another user."""
    story = f"""
import asyncio, os
from tests.worlds.zygote.test_ways_out import try_out
if os.getuid() != {user}:
    os.setgroups([])
    os.setgid({user})
    os.setuid({user})
asyncio.run(try_out({python!r}))
"""
    ran = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("user", [os.getuid(), NOBODY] if os.getuid() == 0 else [os.getuid()])
def test_nothing_gets_out(user):
    run_as(user, sys.executable if user == os.getuid() else shutil.which("python3", path=os.defpath) or sys.executable)
