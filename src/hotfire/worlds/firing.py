"""Fires one step: sends what the script wants sent, lets the border do what it wants done, and recovers."""

import asyncio
import base64
import dataclasses
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import h11

from hotfire.editing import Message, edited
from hotfire.errors import UsageError
from hotfire.model.edit import Edit
from hotfire.model.history import Reply, RowChange
from hotfire.model.perturbation import Script, Send
from hotfire.model.step import Step
from hotfire.worlds.driver import http
from hotfire.worlds.driver.asked import Asked
from hotfire.worlds.driver.polling import until_so
from hotfire.worlds.proxy.border import Window
from hotfire.worlds.seen import Changed
from hotfire.worlds.settling import pause
from hotfire.worlds.silence import Hush
from hotfire.worlds.stand import Stand

_GIVEN_UP = (
    "a call to {} was held until the other request had gone by, and the service gave it up: its time-out is shorter"
)
_OTHER_REQUEST = "the step sends another request than it did: run `hotfire check` again for its trials"
_CHARSET = re.compile(
    rb"""(?:text/|[/+](?:json|xml|javascript)).*;\s*charset=["']?(?P<charset>[\w.:-]+)""", re.IGNORECASE
)
_LOOK = 0.004  # seconds between two looks at who waits for whom
_AT_WORK = 4  # times as long must be silence at the borders where a thread of the service's own never sleeps


@dataclass(slots=True, kw_only=True)
class Fired:
    """What the clients saw, and what the border recorded. `given_up`: a call that the service did not wait for."""

    window: Window
    seen: list[tuple[Reply, http.Answered]] = field(default_factory=list)
    serialised: bool = False
    unquiet: tuple[str, ...] = ()
    meanwhile: tuple[RowChange, ...] | None = None
    given_up: str = ""

    @property
    def trouble(self) -> str:
        """Why nobody can say what the trial shows; else empty."""
        return self.window.unread or self.given_up

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Every answer, by send and attempt."""
        return tuple(sorted((reply for reply, _ in self.seen), key=lambda reply: (reply.send, reply.attempt)))

    @property
    def last(self) -> tuple[Reply, http.Answered]:
        """The answer that the step's own client was left with."""
        return max(self.seen, key=lambda seen: (seen[0].send == 0, seen[0].attempt))


class Firing:
    """One firing of a step on a stand that has been restored and started.

    `asked` is what the person's function asked, `requests` holds the request of each sending, `checkpoint` is the one
    before the step; `patience` is the silence, in seconds, after which two requests at once are taken to wait for each
    other; `changes` tells what has changed since a checkpoint, where the last answer was this one.
    """

    def __init__(
        self,
        stand: Stand,
        step: Step,
        script: Script,
        asked: Asked,
        requests: Mapping[Send, http.Request],
        checkpoint: int,
        patience: float,
        changes: Callable[[int, Reply], Awaitable[Changed]],
    ) -> None:
        self._stand = stand
        self._step = step
        self._script = script
        self._asked = asked
        self._requests = requests
        self._checkpoint = checkpoint
        self._patience = patience
        self._changes = changes
        self._fired = Fired(window=stand.arm(script))

    async def fire(self) -> Fired:
        """Send all, recover, and wait for quiet."""
        before: asyncio.Task[None] | None = None
        sends = self._script.requests(self._step)
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            for index, send in enumerate(sends):
                await self._turn(send, before)
                sent = tasks.create_task(self._send(index, send, self._requests[send]))
                if before and send.start == "held":
                    await self._watch(before, sent, send.process)
                before = sent
        self._fired.unquiet = await self._rest()
        return self._fired

    async def _rest(self) -> tuple[str, ...]:
        """Wait for quiet; a service that dies in work behind its answer is started again, and no client sends again."""
        left = await self._stand.quiet(self._step.deadline)
        await self._until_met()
        if self._stand.signalled:
            await self._come_back()
            left = await self._stand.quiet(self._step.deadline)
        return left

    async def _turn(self, send: Send, before: "asyncio.Task[None] | None") -> None:
        """Wait until it is this send's turn, and prepare what it finds."""
        if before and send.start == "held":
            await self._until_held(before)
        elif before:
            await asyncio.wait([before])
            if not send.undisturbed:
                await self._stand.quiet(self._step.deadline)  # one after the other: what the first left at work, too
            elif self._fired.seen[-1][0].status is not None:  # else nobody waits for it any longer
                await self._outlast()
        if send.undisturbed:
            await self._until_met()
            await self._calm()
        if send.cuts:
            await self._stand.cut(send.cuts)

    async def _until_met(self) -> None:
        """A point behind the answer may be a worker's, which begins a moment later than the service is at rest."""
        if self._script.aims and not self._fired.window.reached:
            await pause(self._stand, self._step.deadline)

    async def _outlast(self) -> None:
        """The fault lasts as long as what the request left at work; not where that waits for the fault's own end."""
        quiet = self._tasks.create_task(self._stand.quiet(self._step.deadline))
        while not quiet.done() and not any(border.stalls for border in self._stand.borders):
            await asyncio.wait([quiet], timeout=_LOOK)
        quiet.cancel()

    async def _calm(self) -> None:
        """The fault is gone: let all pass, and see what it has left."""
        self._stand.calm()
        await self._stand.quiet(self._step.deadline)
        self._fired.meanwhile = (await self._changes(self._checkpoint, self._fired.last[0])).rows

    async def _until_held(self, *others: asyncio.Future[Any]) -> None:
        held: asyncio.Future[Any] = self._tasks.create_task(self._fired.window.held.wait())
        await asyncio.wait([held, *others], return_when=asyncio.FIRST_COMPLETED)
        held.cancel()

    async def _watch(self, first: "asyncio.Task[None]", second: "asyncio.Task[None]", process: int) -> None:
        """Release the first when the second has gone by, or is seen to wait for it: then the service serialises.

        As long as a lock keeps the second waiting, the first goes on by one call at a time. Else, once the lock is
        gone, both would be quick, and luck would decide which of them does the next thing.
        """
        while await self._is_locked_out(second, process):
            self._stand.step()
            await self._until_held(first, second)
        self._stand.calm()
        self._stand.release()

    async def _is_locked_out(self, second: "asyncio.Task[None]", process: int) -> bool:
        """Wait until the second has gone by, or waits for the one that is held; whether it does so for a lock."""
        stand, holding = self._stand, self._fired.window.holding
        border = next((border for border in stand.borders if holding in border.sessions), None)
        loop = asyncio.get_running_loop()
        stand.touch()
        hush = Hush(every=_LOOK, now=loop.time(), heard=stand.last_activity)
        while holding:
            await asyncio.sleep(_LOOK)
            if border and holding not in border.sessions:
                self._fired.given_up = _GIVEN_UP.format(border.dependency)
                break
            silence = hush.look(loop.time(), stand.last_activity)
            silent = silence > self._patience and (stand.asleep or silence > _AT_WORK * self._patience)
            if second.done() and (silent if stand.by_command else self._gone_by(process)):
                break
            locked_out = not silent and await stand.locks_out(holding)
            if locked_out or silent or stand.asks_again:
                self._fired.serialised = True
                return locked_out
        return False

    def _gone_by(self, process: int) -> bool:
        """Whether the second request has ended with all that it left at work; in one process the held one stays."""
        at_work = [call for call in self._stand.processes[process].calls.values() if not call.quiet]
        return len(at_work) <= (1 if process == 0 else 0)

    async def _send(self, index: int, send: Send, request: http.Request) -> None:
        reply = await self._attempt(index, 1, send, request, hang_up=send.hang_up)
        gone = send.hang_up and self._fired.window.reached
        if not (send.retry and (reply.failed or gone)):
            return
        if not self._stand.signalled:
            await self._stand.quiet(self._step.deadline)
        await self._come_back(processes=send.process + 1)
        await self._attempt(index, 2, send, request, hang_up=False)

    async def _attempt(self, index: int, attempt: int, send: Send, request: http.Request, *, hang_up: bool) -> Reply:
        loop = asyncio.get_running_loop()
        zero, begun = self._fired.window.zero, loop.time()

        async def ask(deadline: float) -> http.Answered:
            try:
                line = await self._stand.begin(request, send.process)
            except OSError as error:
                return http.Answered(cut=f"the service refused the connection: {error.strerror}")
            hanging = self._tasks.create_task(self._hang_up(line)) if hang_up else None
            answered = await http.finish(line, deadline)
            if hanging:
                await hanging
            return answered

        polls = not (send.once or send.edits)  # a wrong request is no poll
        asked = self._asked if polls else dataclasses.replace(self._asked, until=None)
        allowed = time_allowed(self._script.requests(self._step), self._step.deadline, self._patience)
        answered = await until_so(ask, asked, allowed)
        answered.begun, answered.ended = begun - zero, loop.time() - zero
        reply = reply_of(answered, index, attempt, send.sender(self._step), request.target)
        self._fired.seen.append((reply, answered))
        return reply

    async def _hang_up(self, line: http.Exchanging) -> None:
        """Go away once the border holds; the held reply passes when the service has had its turn to notice."""
        await self._until_held(line.answer)
        if not self._fired.window.held.is_set():
            return
        line.hang_up()
        for process in self._stand.processes:
            await process.turn()
            await process.turn()
        self._stand.release()

    async def _come_back(self, processes: int = 1) -> None:
        """Where the perturbation killed or ended the service, start it again; else there is nothing to do."""
        if not self._stand.signalled:
            return
        count = max(processes, len(self._stand.processes))
        await self._stand.gone()
        await self._stand.start(self._stand.generation, count)


def time_allowed(sends: tuple[Send, ...], deadline: float, patience: float) -> float:
    """How long an answer may take, in seconds; `patience` as in `Firing`.

    Of two at once we hold the first, and the second may wait for it: while we do, it is not the service that is slow.
    """
    return deadline + (max(deadline, patience) if any(send.start == "held" for send in sends) else 0.0)


def changed(request: http.Request, edits: tuple[Edit, ...]) -> http.Request:
    """A request with some of its places made otherwise.

    Raises:
        UsageError: an edit does not fit the request, or makes of it what HTTP/1.1 cannot carry.
    """
    if not edits:
        return request
    try:
        message = edited(Message(target=request.target, headers=request.headers, body=request.body), edits)
        h11.Request(method=request.method, target=message.target, headers=list(message.headers))
    except (LookupError, ValueError, h11.LocalProtocolError) as error:
        raise UsageError(f"the request cannot be changed so: {error}", hint=_OTHER_REQUEST) from error
    return dataclasses.replace(request, target=message.target, headers=message.headers, body=message.body)


def reply_of(answered: http.Answered, send: int, attempt: int, actor: str, target: str = "") -> Reply:
    """What came over the wire, as the history keeps it."""
    return Reply(
        send=send,
        attempt=attempt,
        actor=actor,
        status=answered.status,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answered.headers),
        body=_text_of(answered),
        cut=answered.cut,
        begun=answered.begun,
        ended=answered.ended,
        target=target,
    )


def _text_of(answered: http.Answered) -> str:
    """A body as text: in UTF-8, else in the charset that it is said to have, else as base64."""
    types = (value for name, value in answered.headers if name.lower() == b"content-type")
    said = _CHARSET.search(next(types, b""))
    for charset in ("utf-8", *([said["charset"].decode()] if said else ())):
        with suppress(UnicodeError, LookupError):
            return answered.body.decode(charset)
    return base64.b64encode(answered.body).decode()
