"""The stand on which the service is held: its processes, its borders and its stores, moved as one."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

from hotfire.config import Config
from hotfire.errors import SetupError, UsageError
from hotfire.model.history import Exit
from hotfire.model.perturbation import Script
from hotfire.model.store import START, Changes
from hotfire.worlds.asking_again import asks_again
from hotfire.worlds.command import CommandProcess
from hotfire.worlds.dependencies import Holding
from hotfire.worlds.driver import http
from hotfire.worlds.journal import Journal
from hotfire.worlds.processes import NotWarm, ServiceProcess, Zygote
from hotfire.worlds.proxy.border import Border, Session, SignalName, Window
from hotfire.worlds.resting import asleep, session_of
from hotfire.worlds.seen import Changed
from hotfire.worlds.silence import Silence
from hotfire.worlds.stores.smtp.catcher import Catcher
from hotfire.worlds.stores.smtp.letter import Letter

PROCESS = "web"
FIRST_PORT = 8000
_CUT = 1.0  # seconds in which connections that are cut end at both ends


class Stand:
    """Holds one copy of the service between its client and its dependencies."""

    def __init__(self, config: Config, zygote: Zygote, holdings: Mapping[str, Holding], *, project: Path) -> None:
        self.config = config
        self.zygote = zygote
        self.holdings = holdings
        self._moments: dict[int, dict[str, int]] = {}
        self._look: asyncio.Event | None = None
        self.warm: Zygote | None = None
        self.not_warm = ""
        self.processes: list[ServiceProcess | CommandProcess] = []
        self.silence = Silence()
        self.project = project
        self._heard = 0.0
        self.journal = Journal()
        self.signalled = False
        self.generation = "clean"
        self.unspent = False
        """Whether the process stands as it was started: it has served, and nothing has come of it."""

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
        process = await self.zygote.command(f"{PROCESS}.0", argv, self.project, port, self.silence, self.hear)
        process.signs = lambda: max(self.last_activity, self._heard)
        return process

    @property
    def may_rest(self) -> tuple[int, ...]:
        """The pids of its processes, which may rest; none while a server is asked, or one of them is being started.

        Nor by a command, whose workers are unknown.
        """
        asked = any(any(border.busy()) for border in self.borders if not border.stalls)
        pids = [] if asked or self.by_command else [process.pid for process in self.processes]
        return tuple(pids) if all(pids) else ()

    @property
    def asleep(self) -> bool:
        """Whether no thread of the service wants to run; a command's workers are found by its session."""
        pids = [process.pid for process in self.processes]
        return asleep(session_of(pids) if self.by_command else pids)

    async def stop(self) -> None:
        """Kill what runs and wait until the servers have rolled back what it left open."""
        self.unspent = False
        for process in self.processes:
            process.kill()
        await self.gone()
        self.journal = Journal()

    async def gone(self) -> None:
        """Wait for the end of processes that were killed or told to end, and of their connections."""
        for process in self.processes:
            status = await process.exited(self.config.service.start_deadline)
            self.journal.exits.append(Exit(process=process.name, status=status))
        self.processes.clear()
        for name, holding in self.holdings.items():
            holding.border.cut_all()
            if not await holding.border.drained(deadline=10.0):
                raise SetupError(
                    f"the server of {name} did not end the dead service's connections within 10 s",
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
        self.journal.hear(process, text, at)

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
        for border in self.borders:
            border.cut_all()
            await border.drained(5.0)

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
        imported = self.zygote.log.last if self.generation == "clean" and not self.by_command else ()
        self.journal = self.journal.armed(zero, imported)
        window = Window(script=script, zero=zero)
        for border in self.borders:
            border.join(window)
        return window

    def calm(self) -> None:
        """The fault is gone: from here on all passes."""
        for border in self.borders:
            border.calm()

    async def cut(self, dependency: str) -> None:
        """End the service's connections to a dependency, as a restart of it does, and let the service notice."""
        border = self.holdings[dependency].border
        dead = frozenset(border.sessions)
        border.cut_all()
        await border.ended(dead, _CUT)  # a pool that keeps a least number has opened others by then
        for process in self.processes:
            await process.turn()

    def disarm(self) -> None:
        """End the step: all passes, nothing is recorded."""
        for border in self.borders:
            border.disarm()

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        """Wait until the service is at rest; what is still at work at the deadline is named."""
        left: list[str] = []
        for process in self.processes:
            left += await process.quiet(deadline)
        for border in self.borders:
            busy = await border.rested(deadline)
            left += [f"an open transaction or call on connection {pid}" for pid in busy]
        return tuple(left)

    async def workers(self) -> tuple[str, ...]:
        """What of the service works by itself, whether or not there is a request: an outbox's relay, a sweep."""
        return tuple([name for process in self.processes for name in await process.workers()])

    # the borders

    @property
    def borders(self) -> list[Border]:
        """One in front of each dependency; they share the window of a step."""
        return [holding.border for holding in self.holdings.values()]

    def touch(self) -> None:
        """Count the silence at the borders from now."""
        for border in self.borders:
            border.touch()

    @property
    def last_activity(self) -> float:
        """When the last call or reply crossed any border, in the loop's seconds."""
        return max(border.last_activity for border in self.borders)

    @property
    def unmet(self) -> str:
        """What a client went away for want of — of a dependency, or of one not declared — and what to write; or ""."""
        return next((border.unmet for border in self.borders if border.unmet), self.zygote.wants.hint)

    def forget_unmet(self) -> None:
        """From here on it counts anew."""
        self.zygote.wants.forget()
        for border in self.borders:
            border.unmet = ""

    def release(self) -> None:
        """Let the held session go on."""
        for border in self.borders:
            border.release()

    def step(self) -> None:
        """Let the held session go on by one call; it is held again at the reply."""
        for border in self.borders:
            border.step()

    @property
    def asks_again(self) -> bool:
        """Whether a call of the service is tried again and again: it waits for what another request holds."""
        window = next((border.window for border in self.borders), None)
        return window is not None and asks_again(window.crossings)

    async def locks_out(self, holder: Session) -> bool:
        """Whether a call of the service waits for a lock of the request that is held.

        It may hold the lock elsewhere: a mail that is held keeps the transaction around it open.
        """
        for holding in self.holdings.values():
            if await holding.waits_for(holder):
                return True
        return False

    @property
    def looked_at(self) -> bool:
        """Whether a person looks at the cut of the next trial."""
        return self._look is not None

    def stop_at_cut(self, cut: asyncio.Event) -> None:
        """Stop at the first action that is no Forward, and set `cut` there."""
        self._look = cut
        for border in self.borders:
            border.look = cut

    def go_on(self) -> None:
        """A person has looked at the cut: do what was to be done."""
        for border in self.borders:
            border.go_on()

    def sights(self) -> dict[str, str]:
        """What a person can look at: the stores, the service, its last log lines."""
        lines = [line.text for line in self.journal.logs[-20:]]
        stores = [(name, *sight) for name, holding in self.holdings.items() for sight in holding.sights().items()]
        words = [word for _, word, _ in stores]
        return {
            **{word if words.count(word) == 1 else f"{name} {word}": where for name, word, where in stores},
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
        number = max(self._moments, default=START) + 1
        self._moments[number] = {name: await each.store.checkpoint() for name, each in self.holdings.items()}
        return number

    async def restore(self, checkpoint: int) -> None:
        """Bring every store back; the service must have been stopped. Later checkpoints are forgotten."""
        moments = self._moments.get(checkpoint, {})
        self._moments = {number: moment for number, moment in self._moments.items() if number <= checkpoint}
        for name, holding in self.holdings.items():
            await holding.store.restore(moments.get(name, START))
            holding.border.durable = 0

    async def changes(self, checkpoint: int) -> Changed:
        """What has changed since."""
        moments = self._moments.get(checkpoint, {})
        changes = {name: await each.store.changes(moments.get(name, START)) for name, each in self.holdings.items()}
        return Changed(
            rows=tuple(row for each in changes.values() for row in each.rows),
            writes={name: each.writes for name, each in changes.items()},
            trouble="; ".join([*(each.trouble for each in changes.values() if each.trouble), *self._unseen(changes)]),
            unplaced="; ".join(each.unplaced for each in changes.values() if each.unplaced),
        )

    def _unseen(self, changes: Mapping[str, Changes]) -> Iterator[str]:
        """Rows that changed where no border has seen who did it."""
        for name, each in changes.items():
            if each.rows and self.holdings[name].embedded and not self.holdings[name].border.durable:
                yield f"rows of {name} changed, and not through {self.holdings[name].border.through}"

    async def advance(self, prime: int) -> None:
        """Move on what generates values in every store."""
        for holding in self.holdings.values():
            await holding.store.advance(prime)

    async def freeze(self) -> None:
        """Make this moment the one that START means."""
        self._moments.clear()
        for holding in self.holdings.values():
            await holding.store.freeze()

    async def thaw(self) -> None:
        """Let START mean the templates' state again."""
        self._moments.clear()
        for holding in self.holdings.values():
            await holding.store.thaw()

    async def columns(self) -> dict[str, dict[str, str]]:
        """The type name of each column, by "store.table" and by the column's name."""
        found: dict[str, dict[str, str]] = {}
        for holding in self.holdings.values():
            found |= await holding.store.columns()
        return found

    @property
    def embedded(self) -> tuple[str, ...]:
        """The dependencies inside of the service's process."""
        return tuple(name for name, holding in self.holdings.items() if holding.embedded)

    @property
    def _catchers(self) -> list[Catcher]:
        return [store for holding in self.holdings.values() if isinstance(store := holding.store, Catcher)]

    async def mark_letters(self) -> int:
        """How many mails have come by now."""
        return sum([await catcher.checkpoint() for catcher in self._catchers])

    async def letters(self, since: int) -> tuple[Letter, ...]:
        """The mails that have come since.

        Raises:
            UsageError: not one mail server is declared.
        """
        if len(self._catchers) != 1:
            raise UsageError(
                f"a critical path reads a mail, and {len(self._catchers) or 'no'} mail servers are declared",
                hint='declare [tool.hotfire.dependency.mail], kind = "smtp", and send to {mail.host}:{mail.port}',
            )
        return await self._catchers[0].letters(since)

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.cool()
        await self.zygote.close()
        for holding in self.holdings.values():
            await holding.store.close()
