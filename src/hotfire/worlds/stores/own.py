"""A Postgres process of ours: starts in a third of a second, listens on a unix socket only, keeps nothing."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeAlias

import asyncpg

from hotfire.errors import SetupError
from hotfire.worlds.marks import ProcessMark, RunDirectory, end_processes, remove_tree, started
from hotfire.worlds.stores.address import Address, Connection
from hotfire.worlds.stores.binaries import Binaries, find_binaries, library_path
from hotfire.worlds.stores.cluster import SUPERUSER, Fill, kept_cluster, make_cluster
from hotfire.worlds.stores.process import last_lines, spawn, unprivileged

AtRest: TypeAlias = Callable[[Path, Path], None]
"""Is given a data directory at rest, and where initdb's own work is kept."""

PORT = 5432  # names the socket's file only: nothing listens on TCP
START_DEADLINE = 30.0
STOP_PATIENCE = 5.0
SETTINGS = {
    # reached through a socket in a folder of mode 0700, by nothing else
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_prepared_transactions": "0",  # the change log cannot undo them
    # a machine that crashes loses the run, nothing else
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "1h",
    # the same run twice is the same work twice
    "autovacuum": "off",
    "jit": "off",
    # the change log's language: not loaded anew by each of the service's connections
    "shared_preload_libraries": "plpgsql",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # modest: containers give little shared memory
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "dynamic_shared_memory_type": "mmap",  # in the data directory: nothing is left in /dev/shm after a kill
    "max_logical_replication_workers": "0",
}
SETTINGS_SINCE = {18: {"io_method": "sync", "file_copy_method": "clone"}}


class OwnServer:
    """The process, its folder, and its end."""

    def __init__(self, binaries: Binaries, folder: Path, run: RunDirectory) -> None:
        self.folder = folder
        self.version = binaries.version
        self.address = Address(host=str(folder), port=PORT, user=SUPERUSER)
        self._binaries = binaries
        self._run = run
        self._process = self._spawn()

    @classmethod
    async def start(cls, server: str, run: RunDirectory, fill: Fill | None = None) -> tuple[Self, Connection]:
        """Start a server in the run's directory and wait until it answers. SetupError carries its last log lines.

        Its data is what `fill` makes, else what initdb makes. What `fill` raises is passed on.
        """
        binaries = find_binaries(server)
        folder = run.path / "postgres"
        folder.mkdir(mode=0o700)
        account = unprivileged()
        if account is not None:
            shutil.chown(folder, account.uid, account.gid)
        try:
            binaries = make_cluster(binaries, folder, account, fill)
        except BaseException:
            remove_tree(folder)
            raise
        self = cls(binaries, folder, run)
        try:
            return self, await self._answer()
        except BaseException:
            await self.stop()
            raise

    def _spawn(self) -> subprocess.Popen[bytes]:
        log, environment = self.folder / "server.log", library_path(self._binaries)
        process = spawn(_command(self._binaries, self.folder), account=unprivileged(), log=log, environment=environment)
        self._run.mark_process(process.pid, signal.SIGQUIT)
        return process

    async def rest(self, meanwhile: AtRest) -> Connection:
        """Shut down in order, let `meanwhile` have the data directory, and start again. Nobody may be connected.

        A server that does not shut down is left running, and `meanwhile` is not called.
        """
        self._process.send_signal(signal.SIGINT)  # fast shutdown: with a checkpoint, so that the files are whole
        try:
            status: int | None = self._process.wait(START_DEADLINE)
        except subprocess.TimeoutExpired:
            status = None
        if status == 0:
            try:
                meanwhile(self.folder / "data", kept_cluster(self._binaries.identity))  # not to be overtaken by Ctrl-C
            finally:
                self._process = self._spawn()
        return await self._answer()

    async def _answer(self) -> Connection:
        deadline = time.monotonic() + START_DEADLINE
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                return await self.address.connect("postgres")
            except (OSError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(0.005)
        status = self._process.poll()
        how = f"did not answer in {START_DEADLINE:.0f} s" if status is None else f"ended with status {status}"
        hint = "the lines above are the server's own; a directory of other binaries may be given as server = …"
        raise SetupError(f"the test server {how}:\n{last_lines(self.folder / 'server.log')}", hint=hint)

    async def stop(self) -> None:
        """End it at once (its data is thrown away), and remove its folder."""
        if self._process.poll() is None:
            mark = ProcessMark(pid=self._process.pid, started=started(self._process.pid) or 0, end=signal.SIGQUIT)
            await asyncio.to_thread(end_processes, [mark], STOP_PATIENCE)
            await asyncio.to_thread(self._process.wait)
        await asyncio.to_thread(remove_tree, self.folder)


def _command(binaries: Binaries, folder: Path) -> list[str]:
    settings = {**SETTINGS, "unix_socket_directories": str(folder)}
    for since, more in SETTINGS_SINCE.items():
        settings |= more if binaries.version >= since else {}
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [str(binaries.folder / "postgres"), "-D", str(folder / "data"), *options]
