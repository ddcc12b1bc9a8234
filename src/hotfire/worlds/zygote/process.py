"""One process of the service, seen from the world: ready, at work, quiet, killed, gone."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

import msgspec

from hotfire.errors import SetupError
from hotfire.worlds.zygote import explain
from hotfire.worlds.zygote.channel import Channel, checked
from hotfire.worlds.zygote.logs import Log
from hotfire.worlds.zygote.messages import Answer, Begun, Ended, Failed, FromProcess, Pinned, Quiet, Ready, Undeclared
from hotfire.worlds.zygote.wants import Wants

_ANSWERS = 1.0
_DECODER: msgspec.json.Decoder[FromProcess] = msgspec.json.Decoder(FromProcess)


@dataclass(slots=True, kw_only=True)
class ServiceCall:
    """A call that the service serves. `port` is the client's; `left` names what it left at work after its end."""

    method: str
    path: str
    port: int
    ended: bool = False
    left: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether it and all that it left have ended."""
        return self.ended and not self.left


class ServiceProcess:
    """A child of the zygote. Its number is its name for the zygote; its pid is also its process group."""

    def __init__(self, number: int, name: str, line: socket.socket, log: Log, wants: Wants) -> None:
        self.number = number
        self.name = name
        self.pid = 0
        self.port = 0
        self.log = log
        self.wants = wants
        self._own_wants = Wants()
        self.calls: dict[int, ServiceCall] = {}
        self.status: int | None = None
        self._ready = False
        self._failed: str | None = None
        self._changed = asyncio.Event()
        self.channel = Channel(line, self)

    # what it says

    def hear(self, data: bytes) -> Answer | None:
        """Take a message from the process."""
        match _DECODER.decode(data):
            case Answer() as answer:
                return answer
            case Ready():
                self._ready = True
            case Failed(text=text):
                self._failed = text
            case Begun(call=call, method=method, path=path, port=port):
                self.calls[call] = ServiceCall(method=method, path=path, port=port)
            case Ended(call=call, left=left):
                self.calls[call].ended, self.calls[call].left = True, left
            case Quiet(call=call):
                self.calls[call].left = ()
            case Undeclared() | Pinned() as want:
                self.wants.take(want)
                self._own_wants.take(want)
            case never:
                assert_never(never)
        self._changed.set()
        return None

    def lost(self) -> None:
        """Its line is closed: it is ending, or has become a zygote."""
        self._changed.set()

    def gone(self, status: int) -> None:
        """It has ended: take its last words first."""
        self.channel.drain()
        self.channel.close()
        self.log.end()
        self.status = status
        self._changed.set()

    # what the world waits for

    async def ready(self, deadline: float) -> None:
        """Wait until it accepts requests; a SetupError with its own last lines where it does not (seconds)."""
        done = await self._until(lambda: self._ready or self.status is not None, deadline)
        if self._ready:
            return
        self.log.drain()
        said = "\n".join(self.log.last) + "\n" + (self._failed or "")
        what = f"ended with status {self.status}" if done else f"was not ready within {deadline:g} s"
        meant = self._own_wants.hint or explain.hint(said)
        advice = meant if done else "raise start_deadline in [tool.hotfire.service], or mend what it waits for"
        shown = "\n".join(f"  {line}" for line in said.strip().splitlines()[-15:])
        raise SetupError(f"the service's process {self.name} {what} while it started:\n{shown}", hint=advice)

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        """Wait until every call has ended with all that it left; what is at work at the deadline (seconds), by name.

        The process is asked once, first: its answer comes after whatever it said before it sent a response.
        """
        end = asyncio.get_running_loop().time() + deadline
        if self.status is None and self.channel.open:
            with contextlib.suppress(SetupError):
                await self.channel.ask("left", min(deadline, _ANSWERS))
        if await self._until(self._rests, end - asyncio.get_running_loop().time()):
            await self._speak_out()
            return ()
        with contextlib.suppress(SetupError):
            answer, _ = await self.channel.ask("left", _ANSWERS)
            if not answer.problem:
                return (*self._unfinished(), *checked(answer, tuple[str, ...]))
        return (*self._unfinished(), *(name for call in self.calls.values() for name in call.left))

    async def _speak_out(self) -> None:
        """Hear what a server writes behind a call that failed: uvicorn its traceback, before its loop turns again."""
        await self.turn()
        self.log.drain()

    def _rests(self) -> bool:
        return self.status is not None or all(call.quiet for call in self.calls.values())

    def _unfinished(self) -> list[str]:
        return [f"call {call.method} {call.path}" for call in self.calls.values() if not call.ended]

    async def exited(self, deadline: float) -> int:
        """Wait for its end: the exit status, or minus the signal; a SetupError at the deadline (seconds)."""
        if not await self._until(lambda: self.status is not None, deadline) or self.status is None:
            raise SetupError(
                f"the service's process {self.name} did not end within {deadline:g} s",
                hint="a request or a shutdown handler hangs: read its log, or raise start_deadline",
            )
        return self.status

    async def turn(self) -> None:
        """Have its event loop turn: what it was told before, by any socket, it has noticed by now."""
        if self.status is None and self.channel.open:
            with contextlib.suppress(SetupError):
                await self.channel.ask("left", _ANSWERS)

    async def workers(self) -> tuple[str, ...]:
        """Tasks and threads of the service's own that belong to no call, by name; none where it cannot be asked."""
        if self.status is None and self.channel.open:
            with contextlib.suppress(SetupError):
                answer, _ = await self.channel.ask("workers", _ANSWERS)
                return checked(answer, tuple[str, ...])
        return ()

    async def modules(self, deadline: float = 5.0) -> tuple[str, ...]:
        """The modules that it imported since it was forked: what `Zygote.preload` may take over."""
        answer, _ = await self.channel.ask("modules", deadline)
        return checked(answer, tuple[str, ...])

    async def _until(self, condition: Callable[[], bool], deadline: float) -> bool:
        try:
            async with asyncio.timeout(max(deadline, 0)):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return condition()
        return True

    # what the world does to it

    def kill(self) -> None:
        """SIGKILL to the whole group, now; nothing once its end is known, when the number may be another's."""
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM to the process, as a supervisor stops it."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.status is not None or not self.pid:
            return
        with contextlib.suppress(ProcessLookupError):
            if number is signal.SIGKILL:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, number)
            os.kill(self.pid, number)  # also where the group is not there yet
