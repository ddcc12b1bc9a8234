"""Runs a person's function in a thread of its own and answers all that it asks from the world's loop."""

import asyncio
import inspect
import sys
import threading
import traceback
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Protocol, TypeVar

from hotfire.errors import HotfireError, UsageError
from hotfire.model.declaration import Function
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Answer, Asked, Stopped
from hotfire.worlds.stores.smtp.letter import Letter

_PATIENCE = 60.0  # seconds that a person's function may take between two things that it asks for
_NO_WAITING = "wait for nothing there: author.poll(url, until=…) asks the service again, author.mail() waits for a mail"

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


class Theatre:
    """Runs the person's functions, one at a time, each in a thread of its own.

    One that asks for nothing for longer than `patience`, in seconds, is left to itself: no thread can be ended.
    """

    def __init__(self, file: str, patience: float = _PATIENCE) -> None:
        self._file = file
        self._patience = patience

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

        `bound`, where it is given, gets the function's local variables as they are at its end. That it goes on and on,
        and asks for nothing, is an error of its own.
        """
        stage, loop = Stage(performer), asyncio.get_running_loop()
        run = _run if bound is None else partial(_run_watched, bound)
        ended: asyncio.Future[Played] = loop.create_future()

        def end(played: Played) -> None:
            if not ended.done():
                ended.set_result(played)

        def act() -> None:
            played = run(function, actors, stage)
            if not stage.left:
                loop.call_soon_threadsafe(end, played)

        thread = threading.Thread(target=act, name="critical-path", daemon=True)
        thread.start()
        try:
            while not (await asyncio.wait([ended], timeout=self._patience - stage.silence))[0]:
                if stage.silence > self._patience:
                    return Played(stopped=False, error=UsageError(self._told(thread), hint=_NO_WAITING))
        finally:
            stage.left = True
        return ended.result()

    def _told(self, thread: threading.Thread) -> str:
        return f"line {self._line_of(thread)} is at work for {self._patience:g} s, and asks for nothing"

    def _line_of(self, thread: threading.Thread) -> int:
        """The line of the person's file that a thread is at."""
        frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001  # as faulthandler does
        while frame is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        return frame.f_lineno if frame else 0


class Stage:
    """Passes what is asked from the person's thread to the loop; a new play has a new stage.

    `left`: nobody waits for the function's end any longer.
    """

    def __init__(self, performer: Performer) -> None:
        self._loop = asyncio.get_running_loop()
        self._asking = False
        self._answered = self._loop.time()
        self.left = False
        self._performer = performer
        self._steps = 0
        self._looks = 0

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

    @property
    def silence(self) -> float:
        """For how long the function has asked for nothing, in seconds; while it waits for an answer, for none."""
        return 0.0 if self._asking else self._loop.time() - self._answered

    def _given(self, asking: Coroutine[object, object, _T | None]) -> _T:
        if self.left:
            asking.close()
            raise Stopped
        self._asking = True
        given = asyncio.run_coroutine_threadsafe(asking, self._loop).result()
        self._answered, self._asking = self._loop.time(), False
        if given is None:
            raise Stopped
        return given


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
    for actor in actors.values():
        actor.enter(stage)
    try:
        return Played(stopped=False, value=function(**actors))
    except Stopped:
        return Played(stopped=True)
    except BaseException as error:  # noqa: BLE001  # whatever a person's function raises is told, never raised on
        return Played(stopped=False, error=error)
