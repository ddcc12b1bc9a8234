"""A world in a process of its own, as the engine sees it."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from typing import TypeVar

from hotfire.errors import HotfireError
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.model.world import LostWorldError, Mistake, OnRest, Survey, keeps_its_core
from hotfire.worlds import telegram
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.telegram import LIMIT, Ask, Opening, Tell

_CLOSE_DEADLINE = 10.0
_T = TypeVar("_T")


class RemoteWorld:
    """Implements the `RestingWorld` protocol over a line to a process that the nursery forks.

    `pid` is that process, which leads a group of its own; 0 before it is there.
    """

    def __init__(self, name: str, nursery: Nursery) -> None:
        self.name = name
        self.pid = 0
        self.notices: tuple[str, ...] = ()
        self._nursery = nursery
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.on_rest: OnRest = keeps_its_core
        self._turn = asyncio.Lock()

    async def launch(self) -> None:
        """Start the process.

        Raises:
            OSError: there is no room for another.
        """
        ours, theirs = socket.socketpair()
        try:
            self.pid = self._nursery.fork(self.name, theirs)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._line = await asyncio.open_unix_connection(sock=ours, limit=LIMIT)

    async def prepare(self, opening: Opening) -> bool:
        """Run the configuration's `prepare` commands in the template's database; whether the network was sealed."""
        return (await self._ask(Ask(wish="prepare", opening=opening))).sealed

    async def open(self, opening: Opening) -> None:
        """Build the world: from here on it plays."""
        self.notices = (await self._ask(Ask(wish="open", opening=opening))).notices

    async def survey(self, path: str) -> Survey:
        """Play the critical path once, undisturbed."""
        return _there((await self._ask(Ask(wish="survey", path=path))).survey)

    async def baseline(self, path: str, step: str) -> Baseline | Mistake:
        """Move to the checkpoint before `step` and measure it."""
        tell = await self._ask(Ask(wish="baseline", path=path, step=step))
        return tell.mistake or _there(tell.baseline)

    async def run(self, trial: Trial) -> History:
        """Run one trial."""
        return _there((await self._ask(Ask(wish="run", trial=trial))).history)

    async def hold(self, trial: Trial, at_cut: Callable[[dict[str, str]], None], release: asyncio.Event) -> History:
        """Run one trial and stop at its cut until `release` is set; `at_cut` gets what a person may look at."""
        async with self._turn:
            tell = await self._exchange(Ask(wish="hold", trial=trial))
            if tell.cut is not None:
                at_cut(tell.cut)
                await release.wait()
                tell = await self._exchange(Ask(wish="hold"))
        return _there(tell.history)

    async def close(self) -> None:
        """Let the world leave nothing behind; one that does not answer is killed, and the next start sweeps."""
        line, self._line = self._line, None
        if line is None:
            return
        reader, writer = line
        with contextlib.suppress(OSError):
            writer.write_eof()  # the world ends when nobody is there any more
        try:
            async with asyncio.timeout(_CLOSE_DEADLINE):
                await _hung_up(reader)
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            await _hung_up(reader)
        writer.close()
        self._end()

    async def _ask(self, ask: Ask) -> Tell:
        async with self._turn:
            return await self._exchange(ask)

    async def _exchange(self, ask: Ask) -> Tell:
        if self._line is None:
            raise HotfireError(f"world {self.name} is not open", hint="this is a fault of hotfire: please report it")
        reader, writer = self._line
        with contextlib.suppress(ConnectionError):  # it has gone: the answer that does not come says so
            await telegram.send(writer, ask)
        while (tell := await telegram.receive(reader, Tell)) and tell.rests:
            self.on_rest()
        if tell is None:
            raise self._lost(writer)
        if tell.failure:
            raise tell.failure.error()
        return tell

    def _lost(self, writer: asyncio.StreamWriter) -> LostWorldError:
        self._line = None
        writer.close()
        return LostWorldError(
            f"the process of world {self.name} ended in the middle of its work ({self._end()})",
            hint="run the same command again, and report it with the lines above if it comes again; "
            "what has ended is kept: hotfire report latest",
        )

    def _end(self) -> str:
        """How the process ended, in words; nobody has to wait for it any more."""
        try:
            status = self._nursery.ended(self.pid)
        except OSError:
            return "nobody saw how"
        killed = status == -signal.SIGKILL
        return f"signal {-status}: did the machine run out of memory?" if killed else f"status {status}"


async def _hung_up(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(ConnectionError):
        while await reader.read(LIMIT):
            """What it still says, nobody waits for."""


def _there(value: _T | None) -> _T:
    if value is None:
        raise HotfireError("a world gave no answer to what it was asked", hint="please report it with the run's folder")
    return value
