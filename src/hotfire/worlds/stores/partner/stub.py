"""A partner's stand-in: an ASGI application of the user's own, in hotfire's Python, on a thread and loop of its own.

    async def images(scope, receive, send):                       # launch/stubs.py, named as the dependency
        await receive()                                           # {"type": "http.request", "body": b"…"}
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b'{"id": "made-up"}'})

What it remembers it keeps in `scope["state"]`, a dict that goes back with the world. A stub that raises or hangs is the
user's mistake and no fault of the service's: it is told with its file and line.
"""

import asyncio
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Self
from urllib.parse import unquote

import h11

from hotfire.errors import HotfireError, SetupError, UsageError
from hotfire.wire.http import Request, Response

PATIENCE = 4.0  # seconds: less than a step's deadline, so that a stub that hangs is told before the step is judged

State = dict[str, Any]
Message = MutableMapping[str, Any]
Application = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]

TEMPLATE = """\
async def {name}(scope, receive, send):
    await receive()
    headers = [(b"content-type", b"application/json")]
    await send({{"type": "http.response.start", "status": 200, "headers": headers}})
    await send({{"type": "http.response.body", "body": b'{{"id": "made-up"}}'}})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the stub did wrong: "the stub of images raised KeyError: 'id' (launch/stubs.py:12)"."""

    problem: str


Done = Callable[[Response | Trouble], None]


class Stub:
    """One partner's stand-in in one world. A call that blocks its thread is left behind with it."""

    def __init__(self, partner: str, application: Application, file: Path, patience: float = PATIENCE) -> None:
        self._partner = partner
        self.application = application
        self._file = file
        self._patience = patience
        self._stage: _Stage | None = None

    @classmethod
    def load(cls, partner: str, file: Path, name: str) -> Self:
        """The application `name` of a file, which is run for it.

        Raises:
            SetupError: there is no such file, or nothing of that name in it.
            UsageError: the file raises, or what it names is no application.
        """
        hint = f"write one in {_short(file)}:\n\n{TEMPLATE.format(name=name)}"
        if not file.is_file():
            raise SetupError(f"{partner} has no stand-in: there is no {_short(file)}", hint=hint)
        try:
            found = runpy.run_path(str(file), run_name="stubs")
        except HotfireError:
            raise
        except BaseException as error:  # a person's file may raise anything at all, SystemExit too
            where = _where(traceback.walk_tb(error.__traceback__), file)
            problem = f"{where}: {type(error).__name__}: {error}"
            raise UsageError(problem, hint="stubs run in hotfire's Python; they need not import the service") from error
        if name not in found:
            raise SetupError(f"{partner} has no stand-in: {_short(file)} has no {name}", hint=hint)
        if not callable(found[name]):
            raise UsageError(f"{_short(file)}: {name} is no ASGI application", hint=hint)
        return cls(partner, found[name], file)

    def ask(self, request: Request, state: State, done: Done) -> None:
        """Have a request answered; `done` is told once, on the loop that asks."""
        loop = asyncio.get_running_loop()
        stage = self._stage = self._stage or _Stage.open(f"stub-{self._partner}")
        performance = _Performance(application=self.application, request=request, state=state)
        future = asyncio.run_coroutine_threadsafe(performance.play(), stage.loop)

        def hung() -> None:
            where = _where(performance.stands(stage.thread), self._file)
            if performance.blocks:
                self._stage = None  # the thread may never come back: the next call has another
                stage.leave()
            future.cancel()
            tell(Trouble(problem=f"the stub of {self._partner} gave no answer in {self._patience:g} s ({where})"))

        timer = loop.call_later(self._patience, hung)
        told = False

        def tell(outcome: Response | Trouble) -> None:
            nonlocal told
            timer.cancel()
            if not told:
                told = True
                done(outcome)

        def ended(played: Future[Response]) -> None:
            if not played.cancelled():
                with suppress(RuntimeError):  # the world has closed its loop meanwhile
                    loop.call_soon_threadsafe(lambda: tell(self._outcome(played)))

        future.add_done_callback(ended)

    def _outcome(self, played: Future[Response]) -> Response | Trouble:
        error = played.exception()
        if error is None:
            return played.result()
        where = _where(traceback.walk_tb(error.__traceback__), self._file)
        return Trouble(problem=f"the stub of {self._partner} raised {type(error).__name__}: {error} ({where})")

    def close(self) -> None:
        """End its thread."""
        if self._stage:
            self._stage.close()
            self._stage = None


@dataclass(slots=True, kw_only=True)
class _Stage:
    """A thread with a loop."""

    loop: asyncio.AbstractEventLoop
    thread: threading.Thread

    @classmethod
    def open(cls, name: str) -> "_Stage":
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_run, args=(loop,), name=name, daemon=True)
        thread.start()
        return cls(loop=loop, thread=thread)

    def leave(self) -> None:
        """Let it end once what blocks it comes back."""
        self.loop.call_soon_threadsafe(self.loop.stop)

    def close(self) -> None:
        self.leave()
        self.thread.join(1.0)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(_cancel_rest())
    finally:
        loop.close()


async def _cancel_rest() -> None:
    """A stub may have left tasks behind."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@dataclass(slots=True, kw_only=True)
class _Performance:
    """One request in the application's hands."""

    application: Application
    request: Request
    state: State
    blocks: bool = False
    _coroutine: Any = None
    _read: bool = False
    _status: int = 0
    _headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    _body: bytearray = field(default_factory=bytearray)
    _ended: bool = False

    async def play(self) -> Response:
        """Run it to its end; what it says is its answer."""
        self._coroutine = self.application(self._scope(), self._receive, self._send)
        if not isinstance(self._coroutine, Awaitable):
            raise TypeError("it is no ASGI application: write async def, with scope, receive and send")
        await self._coroutine
        if not self._ended:
            raise RuntimeError("it ended before its answer was whole")
        return Response(status=self._status, headers=tuple(self._headers), body=bytes(self._body))

    def _scope(self) -> Message:
        path = self.request.path.partition("?")[0]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.request.method,
            "scheme": "https",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": self.request.query.encode("latin-1"),
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self.request.headers],
            "client": ("127.0.0.1", 0),
            "server": (self.request.host, 443),
            "state": self.state,
        }

    async def _receive(self) -> Message:
        if self._read:
            await asyncio.get_running_loop().create_future()  # the client stays on the line
        self._read = True
        return {"type": "http.request", "body": self.request.body, "more_body": False}

    async def _send(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start":
                self._status = int(message["status"])
                self._headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
                h11.Response(status_code=self._status, headers=self._headers)  # it raises here, at the stub's own line
            case "http.response.body" if self._status:
                self._body += message.get("body", b"")
                self._ended = not message.get("more_body", False)
            case kind:
                raise ValueError(f"{kind!r} is no part of an answer here")

    def stands(self, thread: threading.Thread) -> Iterator[tuple[FrameType, int]]:
        """The frames in which it is, outermost first: those that it awaits in, or, where it blocks, its thread's."""
        waits = self._coroutine
        while isinstance(waits, Coroutine) and waits.cr_frame is not None:  # type: ignore[attr-defined]  # a native one
            self.blocks = self.blocks or waits.cr_running  # type: ignore[attr-defined]  # likewise
            yield waits.cr_frame, waits.cr_frame.f_lineno  # type: ignore[attr-defined]  # likewise
            waits = waits.cr_await  # type: ignore[attr-defined]  # likewise
        if self._coroutine is None or self.blocks:
            self.blocks = True
            frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001  # the documented way to see a thread
            stack = [*traceback.walk_stack(frame)] if frame else []
            yield from reversed(stack)


def _where(frames: Iterator[tuple[FrameType, int]], file: Path) -> str:
    """The innermost line of the user's own file; the file alone where none is known."""
    lines = [line for frame, line in frames if frame.f_code.co_filename == str(file)]
    return f"{_short(file)}:{lines[-1]}" if lines else _short(file)


def _short(file: Path) -> str:
    """The file as a person knows it: from where hotfire runs, if it lies below."""
    short = os.path.relpath(file)
    return str(file) if short.startswith("..") else short
