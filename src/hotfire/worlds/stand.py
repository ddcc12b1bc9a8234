"""The stand on which the service is held: its processes, its borders and its stores, moved as one."""

import asyncio
from dataclasses import dataclass, field

from hotfire.config import Config
from hotfire.errors import SetupError, UsageError
from hotfire.model.history import Exit, LogLine
from hotfire.model.perturbation import Script
from hotfire.model.store import Changes
from hotfire.worlds.driver import http
from hotfire.worlds.processes import NotWarm, ServiceProcess, Zygote
from hotfire.worlds.proxy.border import Border, SignalName, Window
from hotfire.worlds.stores.postgres.store import PostgresStore
from hotfire.worlds.stores.smtp.catcher import Catcher
from hotfire.worlds.stores.smtp.letter import Letter

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
        mail: Catcher | None = None,
        mail_border: Border | None = None,
    ) -> None:
        self.config = config
        self.zygote = zygote
        self.border = border
        self.store = store
        self.dsn = dsn
        self.mail = mail
        self.mail_border = mail_border
        self._mails: dict[int, int] = {}
        """The mail store's checkpoint to each of the database's."""
        self.warm: Zygote | None = None
        self.not_warm = ""
        self.processes: list[ServiceProcess] = []
        self.journal = Journal()
        self.signalled = False
        self.generation = "clean"

    # the service's processes

    async def start(self, generation: str, count: int = 1) -> None:
        """Start this many processes of the service and wait until they are ready."""
        self.generation = generation if generation == "clean" or self.warm else "clean"
        self.signalled = False
        zygote = self.warm if self.generation == "warm" and self.warm else self.zygote
        for index in range(len(self.processes), count):
            process = await zygote.start(f"{PROCESS}.{index}", FIRST_PORT + index, self.hear)
            self.processes.append(process)
        for process in self.processes:
            await process.ready(self.config.service.start_deadline)

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
        if self.mail_border:
            await self.mail_border.drained(deadline=10.0)

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
        self.journal.logs.append(LogLine(process=process, text=text, at=at - self.journal.zero))

    async def keep_warm(self) -> None:
        """The process that has played a path becomes a warm generation, and what it imported late is learned."""
        process, *others = self.processes
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

    async def begin(self, request: http.Request, process: int = 0) -> http.Exchanging:
        """Send a request to one of the processes."""
        return await http.begin(request, FIRST_PORT + process, self.zygote.socket)

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
        url = f"http://127.0.0.1:{FIRST_PORT}"
        if not self.zygote.sealed or not self.processes:
            return url
        return f"{url} (behind the seal: sudo nsenter -t {self.processes[0].pid} -n curl {url}/)"

    def _told(self) -> str:
        return ", ".join(f"{process.name} (pid {process.pid})" for process in self.processes)

    # state

    async def checkpoint(self) -> int:
        """Remember the state of every store."""
        number = await self.store.checkpoint()
        if self.mail:
            self._mails[number] = await self.mail.checkpoint()
        return number

    async def restore(self, checkpoint: int) -> None:
        """Bring every store back; the service must have been stopped."""
        if self.mail:
            await self.mail.restore(self._mails.get(checkpoint, 0))
        await self.store.restore(checkpoint)

    async def changes(self, checkpoint: int) -> Changes:
        """What has changed since."""
        changes = await self.store.changes(checkpoint)
        if self.mail is None:
            return changes
        mails = await self.mail.changes(self._mails.get(checkpoint, 0))
        return Changes(rows=(*changes.rows, *mails.rows), writes=(*changes.writes, *mails.writes))

    async def columns(self) -> dict[str, dict[str, str]]:
        """The type name of each column of every store."""
        return {**await self.store.columns(), **(await self.mail.columns() if self.mail else {})}

    async def freeze(self) -> None:
        """What is there now becomes the state of the start, until `thaw`."""
        await self.store.freeze()
        if self.mail:
            await self.mail.freeze()

    async def thaw(self) -> None:
        """The start is the template's own state again."""
        await self.store.thaw()
        if self.mail:
            await self.mail.thaw()

    async def mark_letters(self) -> int:
        """How many mails have come by now."""
        return await self.mail.checkpoint() if self.mail else 0

    async def letters(self, since: int) -> tuple[Letter, ...]:
        """The mails that have come since.

        Raises:
            UsageError: no mail server is declared.
        """
        if self.mail is None:
            raise UsageError(
                "a critical path reads a mail, and pyproject.toml declares no mail server",
                hint='write [tool.hotfire.dependency.mail], kind = "smtp", and send to {mail.host}, port {mail.port}',
            )
        return await self.mail.letters(since)

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.cool()
        await self.zygote.close()
        await self.store.close()
        if self.mail:
            await self.mail.close()
