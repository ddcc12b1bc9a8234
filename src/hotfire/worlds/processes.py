"""The service's processes: a zygote behind the network seal, and the children that it forks (DESIGN §6, §7).

    zygote = await Zygote.launch(".venv/bin/python", Path.cwd(), {"DATABASE_URL": "…"})
    border = await zygote.listen(5432)                    # 127.0.0.1:5432, inside
    await zygote.import_app("shop.main:app")
    process = await zygote.start("web.0", 8000, on_log)
    await process.ready(deadline=30)

Works on any asyncio loop. Every wait has a deadline, in seconds; every failure of the service's is a SetupError.
"""

import asyncio
import contextlib
import itertools
import os
import shlex
import shutil
import signal
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import msgspec

from hotfire.errors import HotfireError, SetupError
from hotfire.worlds.command import HOST, CommandProcess, nobody_listens
from hotfire.worlds.silence import Silence
from hotfire.worlds.zygote import SCRIPT, explain
from hotfire.worlds.zygote.channel import Channel, checked
from hotfire.worlds.zygote.explain import no_python, not_imported
from hotfire.worlds.zygote.logs import Log, OnLog
from hotfire.worlds.zygote.messages import Answer, Born, Exit, FromZygote, Imported, Pinned, Undeclared
from hotfire.worlds.zygote.process import ServiceCall, ServiceProcess
from hotfire.worlds.zygote.wants import Wants

__all__ = ["Imported", "NotWarm", "OnLog", "ServiceCall", "ServiceProcess", "Zygote", "clean_environment"]

Socket = socket.socket

_SUPPLY = 32
_SHORT = 10.0
_LEFT = 5.0  # seconds: a killed group is gone, and its port free
_INHERITED = ("PATH", "HOME", "LANG")
_DECODER: msgspec.json.Decoder[FromZygote] = msgspec.json.Decoder(FromZygote)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWarm:
    """Why a process could not become a warm generation: it was ended, and the clean zygote serves on."""

    reason: str


@dataclass(slots=True)
class _Running:
    """A command that runs behind the seal."""

    ended: asyncio.Future[int]
    log: Log

    def gone(self, status: int) -> None:
        self.log.end()
        if not self.ended.done():
            self.ended.set_result(status)


def clean_environment(named: Mapping[str, str]) -> dict[str, str]:
    """PATH, HOME, LANG and what the configuration names: nothing else of the shell's reaches the service."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | dict(named)


class Zygote:
    """The world's handle of one zygote: the clean one that was launched, or a warm generation."""

    def __init__(self, line: Socket, log: Log, sockets: list[Socket]) -> None:
        self.reason = ""
        self.python = ""
        self.imported: Imported | None = None
        self.log = log
        self.wants = Wants()
        self._born: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._children: dict[int, ServiceProcess | CommandProcess | _Running] = {}
        self._sockets = sockets
        self._asked = False
        self._keeper: asyncio.subprocess.Process | None = None
        self._life: Socket | None = None
        self.channel = Channel(line, self)

    @property
    def sealed(self) -> bool:
        """Whether the kernel keeps the service from every network but its own loopback; else `reason` says why not."""
        return not self.reason

    # its life

    @classmethod
    async def launch(
        cls,
        python: str,
        cwd: Path,
        environment: Mapping[str, str],
        *,
        seal: bool = True,
        on_log: OnLog | None = None,
        deadline: float = _SHORT,
    ) -> "Zygote":
        """Start a zygote in the service's own Python; `environment` is what the configuration names."""
        executable = _executable(python, cwd)
        line, theirs = Channel.pair()
        life, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        zygote = cls(line, Log("zygote", on_log), [])
        zygote._life = life
        try:
            zygote._keeper = await asyncio.create_subprocess_exec(
                executable, str(SCRIPT), "keep", str(theirs.fileno()), str(end.fileno()), "sealed" if seal else "open",
                cwd=cwd, env=clean_environment(environment), pass_fds=(theirs.fileno(), end.fileno()),
                stdin=asyncio.subprocess.DEVNULL, stdout=zygote.log.writer, stderr=zygote.log.writer,
                start_new_session=True,
            )  # fmt: skip
        except OSError as problem:
            zygote.channel.close()
            zygote.log.close()
            life.close()
            raise no_python(f"{executable} cannot be run: {problem.strerror}") from problem
        finally:
            theirs.close()
            end.close()
            zygote.log.passed_on()
        await zygote._wait_born(executable, deadline)
        return zygote

    async def _wait_born(self, executable: str, deadline: float) -> None:
        try:
            async with asyncio.timeout(deadline):
                await self._born
        except (TimeoutError, HotfireError):
            self.log.drain()
            said = self.log.tail()
            await self.close()
            raise no_python(f"{executable} did not start the zygote:\n{said}") from None
        await self._top_up_now()

    async def close(self, deadline: float = _SHORT) -> None:
        """End the zygote and everything below it, and leave nothing behind."""
        self.channel.close()
        self.lost()
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()
        if self._life:
            self._life.close()
        if self._keeper:
            try:
                async with asyncio.timeout(deadline):
                    await self._keeper.wait()
            except TimeoutError:
                self._keeper.kill()
                await self._keeper.wait()
        self.log.end()

    # what it says

    def hear(self, data: bytes) -> Answer | None:
        """Take a message from the zygote."""
        match _DECODER.decode(data):
            case Answer() as answer:
                return answer
            case Born(reason=reason, python=python):
                self.reason, self.python = reason, python
                if not self._born.done():
                    self._born.set_result(None)
            case Exit(number=number, status=status):
                if child := self._children.pop(number, None):
                    child.gone(status)
            case Undeclared() | Pinned() as want:
                self.wants.take(want)
            case never:
                assert_never(never)
        return None

    def lost(self) -> None:
        """The zygote is gone, and the kernel has killed its children with it."""
        if not self._born.done():
            self._born.set_exception(HotfireError("the zygote ended", hint="read its log"))
        children, self._children = self._children, {}
        for child in children.values():
            child.gone(-signal.SIGKILL)

    # orders

    async def listen(self, port: int, host: str = "127.0.0.1") -> Socket:
        """A listening socket of the service's own loopback, for a border. It does not block."""
        answer, fds = await self.channel.ask("listen", _SHORT, port=port, host=host)
        if answer.problem:
            raise SetupError(
                f"no border can listen at {answer.problem}",
                hint="let another port stand for this dependency" if self.sealed else
                "the network is not sealed, its ports are this machine's: free it, or allow network namespaces",
            )  # fmt: skip
        return _adopted(fds[0])

    def socket(self) -> Socket:
        """A fresh socket with which the service can be reached, whose ports lie behind the seal. It does not block."""
        if not self._sockets:
            raise HotfireError(
                f"more than {_SUPPLY} connections were begun at once", hint="await Zygote.sockets() before opening many"
            )
        sock = self._sockets.pop()
        if len(self._sockets) < _SUPPLY // 2 and not self._asked and self.channel.open:
            self._asked = True
            self.channel.send("sockets", self._stock, count=_SUPPLY - len(self._sockets))
        return sock

    async def sockets(self, count: int) -> list[Socket]:
        """Fresh sockets, beyond the supply that `socket` takes from."""
        made: list[Socket] = []
        while len(made) < count:
            _, fds = await self.channel.ask("sockets", _SHORT, count=min(count - len(made), _SUPPLY))
            if not fds:
                raise SetupError("the zygote is gone", hint="read its last log lines")
            made += [_adopted(fd) for fd in fds]
        return made

    async def _top_up_now(self) -> None:
        self._sockets += await self.sockets(_SUPPLY)

    def _stock(self, _: Answer, fds: list[int]) -> None:
        self._asked = False
        self._sockets += [_adopted(fd) for fd in fds]

    async def import_app(self, app: str, deadline: float = 60.0) -> Imported:
        """Import the application ("shop.main:app", or "shop.main:create()"), once, and say what that left open."""
        try:
            answer, _ = await self.channel.ask("import", deadline, app=app)
        except SetupError as problem:
            self.log.drain()
            raise SetupError(
                f"{app} was not imported within {deadline:g} s:\n{self.log.tail()}",
                hint="raise start_deadline in [tool.hotfire.service], or mend what the import waits for",
            ) from problem
        if answer.problem:
            self.log.drain()
            raise not_imported(app, answer, self.python, self.wants.hint)
        self.imported = checked(answer, Imported)
        return self.imported

    async def preload(self, modules: Iterable[str], deadline: float = 60.0) -> str:
        """Import what children imported late (`ServiceProcess.modules`); why that cannot be forked, if it cannot."""
        answer, _ = await self.channel.ask("preload", deadline, modules=list(modules))
        return checked(answer, str)

    async def start(
        self, name: str, port: int, on_log: OnLog | None = None, deadline: float = _SHORT
    ) -> ServiceProcess:
        """Fork a process that serves at 127.0.0.1:`port`; its listening socket stays open over restarts."""
        line, theirs = Channel.pair()
        log = Log(name, on_log)
        process = ServiceProcess(next(_numbers), name, line, log, self.wants)
        self._children[process.number] = process
        try:
            answer, _ = await self.channel.ask(
                "start", deadline, (log.writer, theirs.fileno()), number=process.number, process=name, port=port
            )
        finally:
            theirs.close()
            log.passed_on()
        if answer.problem:
            self._children.pop(process.number, None)
            process.gone(-signal.SIGKILL)
            raise SetupError(f"{name} was not started: {answer.problem}", hint=explain.hint(answer.problem))
        process.pid, process.port = checked(answer, tuple[int, int])
        return process

    async def run(
        self,
        command: str | Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        *,
        on_log: OnLog | None = None,
        deadline: float = 300.0,
    ) -> tuple[int, str]:
        """Run a command behind the seal, the service's own Python first on its PATH: its status, its last lines."""
        argv = shlex.split(command) if isinstance(command, str) else list(command)
        running = _Running(asyncio.get_running_loop().create_future(), Log(argv[0], on_log))
        pid = await self._run(next(_numbers), running, argv, cwd, environment)
        try:
            async with asyncio.timeout(deadline):
                return await running.ended, running.log.tail()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            raise SetupError(
                f"{shlex.join(argv)} did not end within {deadline:g} s:\n{running.log.tail()}",
                hint="raise prepare_deadline in [tool.hotfire.service], or mend what it waits for",
            ) from None

    async def _run(
        self,
        number: int,
        running: CommandProcess | _Running,
        argv: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
    ) -> int:
        self._children[number] = running
        fields = {"number": number, "argv": list(argv), "cwd": str(cwd), "env": dict(environment)}
        try:
            answer, _ = await self.channel.ask("run", _SHORT, (running.log.writer,), **fields)
        finally:
            running.log.passed_on()
        return checked(answer, int)

    async def command(
        self, name: str, argv: Sequence[str], cwd: Path, port: int, silence: Silence, on_log: OnLog | None = None
    ) -> CommandProcess:
        """Start the service by its own command, which listens at 127.0.0.1:`port` behind the seal."""
        if not await nobody_listens(self.socket, port, _LEFT):
            raise SetupError(
                f"something of the service lives on at {HOST}:{port} after its process group was killed",
                hint="let the command stay in the foreground, without daemons: gunicorn without --daemon",
            )
        process = CommandProcess(next(_numbers), name, Log(name, on_log), port, self.socket, silence)
        process.pid = await self._run(process.number, process, argv, cwd, {})
        return process

    async def warm(self, process: ServiceProcess, deadline: float = 30.0) -> "Zygote | NotWarm":
        """Make a process that has served a zygote itself: it shuts down as in production, audits itself, then forks."""
        line, theirs = Channel.pair()
        try:
            answer, _ = await process.channel.ask("zygote", deadline, (theirs.fileno(),))
            reason = answer.problem or checked(answer, str)
        except SetupError as problem:
            reason = problem.problem
        finally:
            theirs.close()
        if reason:
            line.close()
            process.kill()
            return NotWarm(reason=reason)
        warm = Zygote(line, Log("warm"), [])
        warm.log.passed_on()
        warm.reason, warm.python, warm.imported = self.reason, self.python, self.imported
        warm.wants = self.wants
        warm._born.set_result(None)
        await warm._top_up_now()
        return warm


def _adopted(fd: int) -> Socket:
    sock = Socket(fileno=fd)
    sock.settimeout(0)
    return sock


def _executable(python: str, cwd: Path) -> str:
    if not cwd.is_dir():
        raise SetupError(f"there is no folder {cwd}", hint="run hotfire in the project's folder")
    path = str(cwd / python) if "/" in python else shutil.which(python)
    if not path or not Path(path).is_file():
        raise no_python(f"there is no Python at {python}")
    return path
