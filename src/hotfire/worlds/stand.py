"""The stand on which the service is held: its processes, its borders and its stores, moved as one."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from hotfire.config import Config
from hotfire.errors import SetupError
from hotfire.model.history import Exit, LogLine
from hotfire.model.perturbation import Script
from hotfire.model.store import Changes
from hotfire.worlds.command import CommandProcess
from hotfire.worlds.driver import http
from hotfire.worlds.processes import NotWarm, ServiceProcess, Zygote
from hotfire.worlds.proxy.border import Border, SignalName, Window
from hotfire.worlds.silence import Silence
from hotfire.worlds.stores.postgres.store import PostgresStore

PROCESS = "web"
FIRST_PORT = 8000


@dataclass(slots=True, kw_only=True)
class Journal:
    """What the processes said and how they ended, since the step was armed."""

    zero: float = 0.0
    logs: list[LogLine] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)


class Stand:
    """Holds one copy of the service between its client and its dependencies."""

    def __init__(
        self,
        config: Config,
        zygote: Zygote,
        border: Border,
        store: PostgresStore,
        dsn: str,
        *,
        project: Path,
    ) -> None:
        self.config = config
        self.zygote = zygote
        self.border = border
        self.store = store
        self.dsn = dsn
        self.warm: Zygote | None = None
        self.not_warm = ""
        self.processes: list[ServiceProcess | CommandProcess] = []
        self.silence = Silence()
        self._project = project
        self._heard = 0.0
        self.journal = Journal()
        self.signalled = False
        self.generation = "clean"

    # the service's processes

    async def start(self, generation: str, count: int = 1) -> None:
        """Start this many processes of the service and wait until they are ready."""
        self.generation = generation if generation == "clean" or self.warm else "clean"
        self.signalled = False
        zygote = self.warm if self.generation == "warm" and self.warm else self.zygote
        if self.by_command and not self.processes:
            self.processes.append(await self._command())
        elif not self.by_command:
            for index in range(len(self.processes), count):
                self.processes.append(await zygote.start(f"{PROCESS}.{index}", FIRST_PORT + index, self.hear))
        for process in self.processes:
            await process.ready(self.config.service.start_deadline)

    @property
    def by_command(self) -> bool:
        """Whether the service is started by its own command: one process for us, whatever workers it has."""
        return bool(self.config.service.command)

    async def _command(self) -> CommandProcess:
        argv, port = self.config.service.command, self.config.service.port
        process = await self.zygote.command(f"{PROCESS}.0", argv, self._project, port, self.silence, self.hear)
        process.signs = lambda: max(self.border.last_activity, self._heard)
        return process

    async def stop(self) -> None:
        """Kill what runs and wait until the servers have rolled back what it left open."""
        for process in self.processes:
            process.kill()
        await self.gone()

    async def gone(self) -> None:
        """Wait for the end of processes that were killed or told to end, and of their connections."""
        for process in self.processes:
            status = await process.exited(self.config.service.start_deadline)
            self.journal.exits.append(Exit(process=process.name, status=status))
        self.processes.clear()
        self.border.cut_all()
        if not await self.border.drained(deadline=10.0):
            raise SetupError(
                "the database server did not end the dead service's connections within 10 s",
                hint="look for statements that run for a long time; hotfire waits until they are rolled back",
            )

    def signal(self, name: SignalName) -> None:
        """What a border does to the service: the whole process group, in the data callback."""
        self.signalled = True
        for process in self.processes:
            if name == "SIGKILL":
                process.kill()
            else:
                process.terminate()

    def hear(self, process: str, text: str, at: float) -> None:
        """Keep a line of a process."""
        self._heard = at
        self.journal.logs.append(LogLine(process=process, text=text, at=at - self.journal.zero))

    async def keep_warm(self) -> None:
        """The process that has played a path becomes a warm generation, and what it imported late is learned."""
        process, *others = self.processes
        if isinstance(process, CommandProcess) or (self.zygote.imported and self.zygote.imported.cold):
            return  # it starts cold each time
        await self.zygote.preload(await process.modules())
        warm = await self.zygote.warm(process)
        if isinstance(warm, NotWarm):
            self.not_warm = warm.reason
            await self.stop()
            return
        self.warm, self.processes = warm, others
        self.border.cut_all()
        await self.border.drained(5.0)

    async def cool(self) -> None:
        """Stop all, the warm generation too."""
        await self.stop()
        if self.warm:
            await self.warm.close()
            self.warm = None

    # the client's line

    @property
    def port(self) -> int:
        """Where the first process of the service answers."""
        return self.config.service.port if self.by_command else FIRST_PORT

    async def begin(self, request: http.Request, process: int = 0) -> http.Exchanging:
        """Send a request to one of the processes."""
        return await http.begin(request, self.port if self.by_command else self.port + process, self.zygote.socket)

    async def ask(self, request: http.Request, deadline: float) -> http.Answered:
        """One request from beginning to end; a refused connection is a cut."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            answered = await http.finish(await self.begin(request), deadline)
        except OSError as error:
            answered = http.Answered(cut=f"the service refused the connection: {error.strerror}")
        answered.begun, answered.ended = begun - self.journal.zero, loop.time() - self.journal.zero
        return answered

    # a step

    def arm(self, script: Script) -> Window:
        """Begin a step: the journal and the border's record start anew."""
        zero = asyncio.get_running_loop().time()
        self.journal = Journal(zero=zero)
        return self.border.arm(script, zero)

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        """Wait until the service is at rest; what is still at work at the deadline is named."""
        left: list[str] = []
        for process in self.processes:
            left += await process.quiet(deadline)
        busy = await self.border.rested(deadline)
        return (*left, *(f"an open transaction or call on connection {pid}" for pid in busy))

    def sights(self) -> dict[str, str]:
        """What a person can look at: the database, the service, its last log lines."""
        lines = [line.text for line in self.journal.logs[-20:]]
        return {
            "dsn": self.dsn,
            "url": self._url(),
            "processes": self._told(),
            "log": "\n".join(lines) or "no line yet",
        }

    def _url(self) -> str:
        """Where the service answers, and how to get there through the seal."""
        url = f"http://127.0.0.1:{self.port}"
        if not self.zygote.sealed or not self.processes:
            return url
        return f"{url} (behind the seal: sudo nsenter -t {self.processes[0].pid} -n curl {url}/)"

    def _told(self) -> str:
        return ", ".join(f"{process.name} (pid {process.pid})" for process in self.processes)

    # state

    async def checkpoint(self) -> int:
        """Remember the state of every store."""
        return await self.store.checkpoint()

    async def restore(self, checkpoint: int) -> None:
        """Bring every store back; the service must have been stopped."""
        await self.store.restore(checkpoint)

    async def changes(self, checkpoint: int) -> Changes:
        """What has changed since."""
        return await self.store.changes(checkpoint)

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.cool()
        await self.zygote.close()
        await self.store.close()
