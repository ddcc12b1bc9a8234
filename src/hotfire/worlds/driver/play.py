"""Runs a person's function in a thread of its own and answers all that it asks from the world's loop."""

import asyncio
import inspect
import sys
import threading
import traceback
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Protocol, TypeVar

from hotfire.errors import HotfireError, UsageError
from hotfire.model.declaration import Function
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Answer, Asked, Stopped
from hotfire.worlds.stores.smtp.letter import Letter

_T = TypeVar("_T")


class Performer(Protocol):
    """Answers what a play asks, on the world's loop; None ends the play there."""

    async def step(self, index: int, asked: Asked) -> Answer | None:
        """The answer to the n-th step, from 0."""
        ...

    async def page(self, look: int, steps: int, asked: Asked) -> Answer | None:
        """The answer to an auxiliary read: the n-th look, from 0, after so many steps."""
        ...

    async def letters(self, look: int, steps: int) -> tuple[Letter, ...] | None:
        """The mails that have been sent: a look too."""
        ...


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
        if isinstance(self.error, HotfireError):
            return f"{where}{self.error.problem}"
        return f"{where}{type(self.error).__name__}: {self.error}"


PATIENCE = 60.0
"""Seconds that a person's function may go on without asking anything: it is to send requests, and never to sleep."""


class Theatre:
    """The thread in which the person's functions run, one at a time; one that goes on for ever is left to itself."""

    def __init__(self, file: str, patience: float = PATIENCE) -> None:
        self._file = file
        self._patience = patience
        self._thread = _thread()

    def line(self) -> int:
        """The line of the person's file that is being run, in the thread that asks."""
        frame = sys._getframe()  # noqa: SLF001  # the way that warnings and logging find their caller too
        while frame.f_back is not None:
            if frame.f_code.co_filename == self._file:
                return frame.f_lineno
            frame = frame.f_back
        return 0

    async def play(
        self,
        function: Function,
        actors: Mapping[str, Actor],
        performer: Performer,
        bound: dict[str, object] | None = None,
    ) -> Played:
        """Run the function with these actors until its end, its error, or the performer's end.

        `bound`, where it is given, gets the function's local variables as they are at its end.
        """
        stage = Stage(performer)
        run = _run if bound is None else partial(_run_watched, bound)
        playing = asyncio.get_running_loop().run_in_executor(self._thread, run, function, actors, stage)
        while not playing.done():
            await asyncio.wait({playing}, timeout=self._patience)
            if not playing.done() and stage.silent_for >= self._patience:
                return self._abandoned(stage)
        return playing.result()

    def _abandoned(self, stage: "Stage") -> Played:
        """What went on for ever; nobody can end a thread, so that the next play gets another."""
        frames = traceback.extract_stack(sys._current_frames().get(stage.thread))  # noqa: SLF001  # as faulthandler does
        lines = [frame for frame in frames if frame.filename == self._file]
        where = f"line {lines[-1].lineno}: {lines[-1].line}: " if lines else ""
        stage.over = True
        self.close()
        self._thread = _thread()
        problem = f"{where}it goes on for more than {self._patience:g} s without a request"
        hint = "let it send requests only; what is done later, actor.poll(url, until=…) waits for"
        return Played(stopped=False, error=UsageError(problem, hint=hint))

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)


class Stage:
    """Passes what is asked from the person's thread to the loop; a new play has a new stage."""

    def __init__(self, performer: Performer) -> None:
        self._loop = asyncio.get_running_loop()
        self._performer = performer
        self._steps = 0
        self._looks = 0
        self._asking = False
        self._since = self._loop.time()
        self.thread = 0
        """The thread that is on it."""
        self.over = False
        """Whether nobody answers any more."""

    @property
    def silent_for(self) -> float:
        """Seconds since the last answer was given; none while one is awaited."""
        return 0.0 if self._asking else self._loop.time() - self._since

    def answer(self, asked: Asked) -> Answer:
        """Block the person's thread until the loop has the answer to a step."""
        index, self._steps = self._steps, self._steps + 1
        return self._given(self._performer.step(index, asked))

    def page(self, asked: Asked) -> Answer:
        """Likewise for an auxiliary read."""
        return self._given(self._performer.page(self._look(), self._steps, asked))

    def letters(self) -> tuple[Letter, ...]:
        """Likewise for the mails."""
        return self._given(self._performer.letters(self._look(), self._steps))

    def _look(self) -> int:
        look, self._looks = self._looks, self._looks + 1
        return look

    def _given(self, asking: Coroutine[object, object, _T | None]) -> _T:
        if self.over:
            asking.close()
            raise Stopped
        self._asking = True
        try:
            given = asyncio.run_coroutine_threadsafe(asking, self._loop).result()
        finally:
            self._since, self._asking = self._loop.time(), False
        if given is None:
            raise Stopped
        return given


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="critical-path")


def _run_watched(bound: dict[str, object], function: Function, actors: Mapping[str, Actor], stage: "Stage") -> Played:
    """Run it, and take its local variables where it returns: the interpreter tells of each return (sys.setprofile)."""
    code = inspect.unwrap(function).__code__

    def returned(frame: FrameType, event: str, _argument: object) -> None:
        if event == "return" and frame.f_code is code:
            bound.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(returned)
    try:
        return _run(function, actors, stage)
    finally:
        sys.setprofile(before)


def _run(function: Function, actors: Mapping[str, Actor], stage: Stage) -> Played:
    stage.thread = threading.get_ident()
    for actor in actors.values():
        actor.enter(stage)
    try:
        return Played(stopped=False, value=function(**actors))
    except Stopped:
        return Played(stopped=True)
    except BaseException as error:  # noqa: BLE001  # whatever a person's function raises is told, never raised on
        return Played(stopped=False, error=error)
