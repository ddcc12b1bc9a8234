"""Runs a person's function in a thread of its own and answers each of its requests from the world's loop."""

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hotfire.model.declaration import Function
from hotfire.worlds.driver.actor import Actor, Answer, Asked, Stopped

Perform = Callable[[int, Asked], Awaitable[Answer | None]]
"""Answers the n-th request, from 0; None ends the play there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How the function ended: `stopped` by us, or with an `error` of its own, told as `where` and what."""

    stopped: bool
    value: object = None
    error: BaseException | None = None

    def mistake(self, file: str) -> str:
        """The error as a person wants it: the line of their file, then the message."""
        if self.error is None:
            return ""
        frames = traceback.extract_tb(self.error.__traceback__)
        lines = [frame for frame in frames if frame.filename == file]
        where = f"line {lines[-1].lineno}: {lines[-1].line}: " if lines else ""
        return f"{where}{type(self.error).__name__}: {self.error}"


class Theatre:
    """The thread in which the person's functions run, one at a time."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="critical-path")

    def line(self) -> int:
        """The line of the person's file that is being run, in the thread that asks."""
        frame = sys._getframe()  # noqa: SLF001  # the way that warnings and logging find their caller too
        while frame.f_back is not None:
            if frame.f_code.co_filename == self._file:
                return frame.f_lineno
            frame = frame.f_back
        return 0

    async def play(self, function: Function, actors: Mapping[str, Actor], stage: "Stage") -> Played:
        """Run the function with these actors until its end, its error, or the stage's end."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _run, function, actors, stage)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)


class Stage:
    """Passes requests from the person's thread to the loop; a new play has a new performance."""

    def __init__(self, perform: Perform) -> None:
        self._loop = asyncio.get_running_loop()
        self._perform = perform
        self._count = 0

    def answer(self, asked: Asked) -> Answer:
        """Block the person's thread until the loop has the answer."""
        index, self._count = self._count, self._count + 1
        answer = asyncio.run_coroutine_threadsafe(_await(self._perform(index, asked)), self._loop).result()
        if answer is None:
            raise Stopped
        return answer


async def _await(answer: Awaitable[Answer | None]) -> Answer | None:
    return await answer


def _run(function: Function, actors: Mapping[str, Actor], stage: Stage) -> Played:
    for actor in actors.values():
        actor.enter(stage)
    try:
        return Played(stopped=False, value=function(**actors))
    except Stopped:
        return Played(stopped=True)
    except BaseException as error:  # noqa: BLE001  # whatever a person's function raises is told, never raised on
        return Played(stopped=False, error=error)
