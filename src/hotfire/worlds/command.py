"""A service that its own command starts: any server, with workers of its own; cold each time, ended as a group.

Nothing inside of it tells us anything: it is ready when somebody reads from its port and nobody
else of it is on the way, and at rest when it is silent.
"""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable

from hotfire.errors import SetupError
from hotfire.worlds.resting import asleep, session_of
from hotfire.worlds.silence import LEAST, Silence
from hotfire.worlds.zygote import explain
from hotfire.worlds.zygote.logs import Log
from hotfire.worlds.zygote.process import ServiceCall

_LOOK = 0.02  # seconds between two looks at a port, or at workers
_LOOKS = 50
_BETWEEN_WORKERS = 7  # looks: servers start one worker after the other (gunicorn waits up to 0.1 s between them)
HOST = "127.0.0.1"


class CommandProcess:
    """One run of the command. Its pid is also its process group, in which its workers are."""

    def __init__(
        self, number: int, name: str, log: Log, port: int, new_socket: Callable[[], socket.socket], silence: Silence
    ) -> None:
        self.number = number
        self.name = name
        self.log = log
        self.pid = 0
        self.calls: dict[int, ServiceCall] = {}  # nobody tells us of any
        self.status: int | None = None
        self.signs: Callable[[], float] = lambda: 0.0
        self._port = port
        self._new_socket = new_socket
        self._silence = silence
        self._ended = asyncio.Event()

    def gone(self, status: int) -> None:
        """It has ended, and its group with it."""
        self.log.end()
        self.status = status
        self._ended.set()

    async def ready(self, deadline: float) -> None:
        """Wait until somebody reads from its port, and its other workers are up.

        Raises:
            SetupError: nobody reads at the deadline (seconds); with its own last lines.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + deadline
        reads = False
        while not reads and self.status is None and loop.time() < end:
            reads = await somebody_reads(self._new_socket, self._port, end - loop.time(), self._ended)
            if not reads:
                await asyncio.sleep(_LOOK)
        if not reads:
            raise self._not_ready(deadline)
        await self._all_up()

    async def _all_up(self) -> None:
        """One worker reads; give the others, which may be on their way still, the time that they work for.

        By looks, as silence is counted: where we look late, they are late as well. Who never sleeps is not waited for.
        """
        asleep_since = 0
        for look in range(_LOOKS):
            if not asleep(session_of([self.pid])):
                asleep_since = look + 1
            if self.status is not None or look - asleep_since >= _BETWEEN_WORKERS:
                return
            await asyncio.sleep(_LOOK)

    def _not_ready(self, deadline: float) -> SetupError:
        self.log.drain()
        said = "\n".join(f"  {line}" for line in list(self.log.last)[-15:])
        if self.status is not None:
            how, advice = f"ended with status {self.status}", explain.hint("\n".join(self.log.last))
        else:
            how = f"did not serve at {HOST}:{self._port} within {deadline:g} s"
            advice = "let it listen at the port of [tool.hotfire.service] (port = 8000), or raise start_deadline"
        return SetupError(f"the service's command {self.name} {how}:\n{said}", hint=advice)

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        """Wait for silence; a command that has ended is silent."""
        return () if self.status is not None else await self._silence.wait(self.signs, deadline)

    async def workers(self) -> tuple[str, ...]:
        """What works by itself inside of it: nobody can tell, so there may be some."""
        return () if self.status is not None else (f"the command {self.name}",)

    async def turn(self) -> None:
        """Give it time to notice what it was told by any socket; it cannot be asked whether it has."""
        await asyncio.sleep(LEAST / 2)

    async def exited(self, deadline: float) -> int:
        """Wait for its end: the exit status, or minus the signal; a SetupError at the deadline (seconds)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self._ended.wait()
        if self.status is None:
            raise SetupError(
                f"the service's command {self.name} did not end within {deadline:g} s",
                hint="a request or a shutdown handler hangs: read its log, or raise start_deadline",
            )
        return self.status

    def kill(self) -> None:
        """SIGKILL to the whole group, now; nothing once its end is known, when the number may be another's."""
        if self.status is None and self.pid:
            for end in (os.killpg, os.kill):  # also where the group is not there yet
                with contextlib.suppress(ProcessLookupError):
                    end(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM to the process that was started, as a supervisor stops it: workers are its own affair."""
        if self.status is None and self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)


async def somebody_reads(
    new_socket: Callable[[], socket.socket], port: int, deadline: float, ended: asyncio.Event | None = None
) -> bool:
    """Whether a server is there: it accepts a connection and answers its end.

    An open port is not enough: a supervisor opens it before its workers have imported the service.
    """
    loop = asyncio.get_running_loop()
    with new_socket() as line:
        try:
            await loop.sock_connect(line, (HOST, port))
            line.shutdown(socket.SHUT_WR)
        except OSError:
            return False
        answered = loop.create_task(_received(line))
        over = loop.create_task((ended or asyncio.Event()).wait())
        await asyncio.wait([answered, over], timeout=deadline, return_when=asyncio.FIRST_COMPLETED)
        reads = answered.done()
        answered.cancel()
        over.cancel()
        await asyncio.gather(answered, over, return_exceptions=True)
        return reads


async def nobody_listens(new_socket: Callable[[], socket.socket], port: int, deadline: float) -> bool:
    """Wait until a connection is refused: workers that were killed with their group take a moment to end."""
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline
    while loop.time() < end:
        with new_socket() as line:
            try:
                await loop.sock_connect(line, (HOST, port))
            except ConnectionRefusedError:
                return True
            except OSError:  # its backlog is gone while we knock: look again
                pass
        await asyncio.sleep(_LOOK / 4)
    return False


async def _received(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        await asyncio.get_running_loop().sock_recv(line, 1024)
