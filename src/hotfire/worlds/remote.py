"""A world in a process of its own, as the engine sees it."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

from hotfire.errors import HotfireError
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.model.world import LostWorldError, Mistake, OnRest, Survey, keeps_its_core
from hotfire.worlds import telegram
from hotfire.worlds.telegram import Ask, Opening, Tell

_CLOSE_DEADLINE = 10.0
_T = TypeVar("_T")


class RemoteWorld:
    """Implements the `RestingWorld` protocol over a pipe to `python -m hotfire.worlds`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notices: tuple[str, ...] = ()
        self.on_rest: OnRest = keeps_its_core
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int:
        """The world's process; 0 before it is there."""
        return self._process.pid if self._process else 0

    async def launch(self) -> None:
        """Start the process, which has its imports done by the time that it is needed."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hotfire.worlds",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 26,
            start_new_session=True,  # Ctrl-C goes to the engine, which closes its worlds in order
        )

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
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin:
            process.stdin.close()  # the world ends when nobody is there any more
        try:
            await asyncio.wait_for(process.wait(), _CLOSE_DEADLINE)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _ask(self, ask: Ask) -> Tell:
        async with self._turn:
            return await self._exchange(ask)

    async def _exchange(self, ask: Ask) -> Tell:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise HotfireError(f"world {self.name} is not open", hint="this is a fault of hotfire: please report it")
        with contextlib.suppress(ConnectionError):  # it has gone: the answer that does not come says so
            await telegram.send(process.stdin, ask)
        while (tell := await telegram.receive(process.stdout, Tell)) and tell.rests:
            self.on_rest()
        if tell is None:
            raise LostWorldError(
                f"the process of world {self.name} ended in the middle of its work ({_end(await process.wait())})",
                hint="run the same command again, and report it with the lines above if it comes again; "
                "what has ended is kept: hotfire report latest",
            )
        if tell.failure:
            raise tell.failure.error()
        return tell


def _end(status: int) -> str:
    return f"signal {-status}: did the machine run out of memory?" if status == -signal.SIGKILL else f"status {status}"


def _there(value: _T | None) -> _T:
    if value is None:
        raise HotfireError("a world gave no answer to what it was asked", hint="please report it with the run's folder")
    return value
