"""A border: what all sessions with one dependency share. It numbers calls, asks the armed script, records exchanges."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from hotfire.model.action import FORWARD, Action, Delay, Drop, Hold, Reset
from hotfire.model.call import Call, Point
from hotfire.model.perturbation import Script
from hotfire.model.store import Write
from hotfire.worlds.proxy.backlog import Backlog, Moment, Read
from hotfire.worlds.proxy.crossing import Asked, Crossing, Told

SignalName = Literal["SIGKILL", "SIGTERM"]
Signaller = Callable[[SignalName], None]


class Session(Protocol):
    """One connection of the service through the border."""

    @property
    def busy(self) -> bool:
        """A call without its reply, or a transaction that is open."""
        ...

    @property
    def process_id(self) -> int:
        """The server's name for the connection."""
        ...

    @property
    def held(self) -> bool:
        """Whether the service still holds its end."""
        ...

    def release(self) -> None:
        """Go on with what is held."""
        ...

    def resume(self, action: Action) -> None:
        """Do this with what is held."""
        ...

    def cut(self) -> None:
        """End both ends now."""
        ...


@dataclass(slots=True, kw_only=True)
class Window:
    """The time in which one step is played: its script and its record, which all borders of a world share.

    `writes`, by dependency, are those that a border itself saw become durable, where no change log tells them.
    `holding` is the session that is held; `stepping`, one that is held again at the reply of each call.
    `over`: the fault is gone, and the script is asked no more.
    `unread`: why something that crossed could not be read, so that nobody knows what was asked; else empty.
    """

    script: Script
    zero: float
    backlog: Backlog = field(default_factory=Backlog)
    numbered: list[Crossing] = field(default_factory=list)
    writes: dict[str, list[Write]] = field(default_factory=dict)
    occurrences: Counter[tuple[str, str]] = field(default_factory=Counter)
    reached: bool = False
    over: bool = False
    unread: str = ""
    held: asyncio.Event = field(default_factory=asyncio.Event)
    holding: Session | None = None
    stepping: Session | None = None

    @property
    def crossings(self) -> list[Crossing]:
        """All that has crossed until now."""
        self.backlog.catch_up()
        return self.numbered


class Border:
    """The proxy in front of one dependency, for one world."""

    def __init__(self, dependency: str, signaller: Signaller) -> None:
        self.dependency = dependency
        self.window: Window | None = None
        self.sessions: set[Session] = set()
        self.gates_calls = False
        """Whether a call must be whole, and the script be asked, before anything of it is passed on."""
        self.gates_replies = False
        """Whether replies must be whole before they are passed back."""
        self.last_activity = 0.0
        self.unmet = ""
        """What a client went away for want of, and what to write: no fault of the service's."""
        self.durable = 0
        """How many transactions that wrote were seen to become durable since the last restore, in a step or not."""
        self.through = ""
        """What of the service's own a hook stands in front of, in the user's words; empty where it is no hook."""
        self.look: asyncio.Event | None = None
        """Set at the first action that is no Forward, which then waits for `go_on`: for a person to look."""
        self._postponed: tuple[Session, Action] | None = None
        self._stalled: set[Session] = set()
        self._signaller = signaller
        self._connections = 0
        self._backlog = Backlog()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def touch(self) -> None:
        """Count the silence from now."""
        self.last_activity = asyncio.get_running_loop().time()

    def arm(self, script: Script, zero: float) -> Window:
        """Begin a step: count calls from 1 and ask this script. `zero` is the loop's time at which the step begins."""
        return self.join(Window(script=script, zero=zero, backlog=self._backlog))

    def join(self, window: Window) -> Window:
        """Begin a step whose window another border has opened: what crosses either is read in the order it came."""
        self._backlog.catch_up()
        self.window, self._backlog = window, window.backlog
        self._backlog.catch_up()
        self.gates_calls, self.gates_replies = window.script.gates_calls, window.script.gates_replies
        return window

    def disarm(self) -> None:
        """End the step: all passes, nothing is recorded."""
        self.release()
        self._backlog.catch_up()
        self._stalled.clear()
        self.window = None
        self.gates_calls = self.gates_replies = False

    def release(self) -> None:
        """Let the held session go on."""
        if self.window and self.window.holding:
            session, self.window.holding = self.window.holding, None
            session.release()

    def step(self) -> None:
        """Let the held session go on, and hold it again at the reply of what it does next."""
        if self.window and self.window.holding in self.sessions:
            self.window.stepping, self.gates_replies = self.window.holding, True
            self.window.held.clear()
            self.release()

    def hold(self, session: Session) -> None:
        """Remember which session is held."""
        if self.window and self._postponed is None:
            self.window.holding = session
            self.window.held.set()

    def signal(self, name: SignalName) -> None:
        """Signal the service."""
        self._signaller(name)

    def later(self, read: Read, data: bytes, moment: Moment) -> None:
        """Let what has been passed on be read when somebody asks."""
        self.last_activity = moment.loop
        self._backlog.add(read, data, moment)
        self._changed.set()

    def catch_up(self) -> None:
        """Read what has been passed on."""
        self._backlog.catch_up()

    def call(self, process_id: int, connection: int, ask: Asked, moment: Moment) -> Crossing | None:
        """Number a call of a session; None where no step is being played."""
        self.last_activity = moment.loop
        window = self.window
        if window is None:
            return None
        place = (self.dependency, ask.signature)
        window.occurrences[place] += 1
        call = Call(
            number=len(window.numbered),
            point=Point(dependency=self.dependency, signature=ask.signature, occurrence=window.occurrences[place]),
            connection=connection,
            text=ask.text,
            executes=ask.executes,
            begun=moment.loop - window.zero,
        )
        crossing = Crossing(call=call, process_id=process_id, sent=moment.wall)
        window.numbered.append(crossing)
        return crossing

    def calm(self) -> None:
        """The fault is gone: all passes, and what it let wait for ever is ended, as by a server that comes back."""
        self._backlog.catch_up()
        if self.window:
            self.window.over = True
        self.gates_calls = self.gates_replies = False
        for session in self._stalled & self.sessions:
            session.cut()
        self._stalled.clear()

    @property
    def stalls(self) -> bool:
        """Whether something waits here for ever, until the fault is gone."""
        return bool(self._stalled & self.sessions)

    def on_open(self, session: Session) -> Action:
        """What the script wants done with a connection that begins: Forward, Reset, or Drop (it is never answered)."""
        if self.window is None or self.window.over:
            return FORWARD
        action = self.window.script.on_open(self.dependency)
        if action != FORWARD:
            self.window.reached = True
        if isinstance(action, Drop):
            self._stalled.add(session)
        return action

    def on_call(self, session: Session, crossing: Crossing) -> Action:
        """What the script wants done with a call."""
        if self.window is None or self.window.over:
            return FORWARD
        return self._note(session, self.window.script.on_call(crossing.call))

    def on_reply(self, session: Session, crossing: Crossing) -> Action:
        """What the script wants done with a reply."""
        if self.window is None or self.window.over:
            return FORWARD
        if session is self.window.stepping and crossing.call.executes:
            return Hold()
        action = self.window.script.on_reply(crossing.exchange())
        if isinstance(action, Drop | Reset):
            crossing.outcome, crossing.detail = "unknown", "reply lost"  # the service, too, is never sure of it
        return self._note(session, action)

    def _note(self, session: Session, action: Action) -> Action:
        if action == FORWARD or self.window is None or (isinstance(action, Delay) and not action.aims):
            return action
        self.window.reached = True
        if isinstance(action, Drop):
            self._stalled.add(session)
        if self.look is None or self.look.is_set():
            return action
        self._postponed = (session, action)
        self.look.set()
        return Hold()

    def go_on(self) -> None:
        """A person has looked at the cut: do now what was to be done."""
        if self._postponed:
            (session, action), self._postponed = self._postponed, None
            session.resume(action)

    def replied(self, crossing: Crossing, done: Told, moment: Moment) -> None:
        """Record the reply of a call."""
        self.last_activity = moment.loop
        crossing.outcome, crossing.detail, crossing.durable = done.outcome, done.detail, done.durable
        crossing.told = moment.wall
        if self.window:
            crossing.ended = moment.loop - self.window.zero

    def wrote(self, writes: Iterable[Write]) -> None:
        """A transaction that wrote is durable: record what it wrote, where the store keeps no log of it."""
        self.durable += 1
        if self.window:
            self.window.writes.setdefault(self.dependency, []).extend(writes)

    def unreadable(self, why: str) -> None:
        """Something crosses that is passed on unread: the step in which it does cannot be judged."""
        if self.window:
            self.window.unread = self.window.unread or f"a connection to {self.dependency} cannot be read: {why}"

    def opened(self, session: Session) -> int:
        """A connection of the service begins; its number from 1."""
        self._connections += 1
        self.sessions.add(session)
        return self._connections

    def closed(self, session: Session) -> None:
        """A connection has ended at both ends: the server has rolled back what was open."""
        self.sessions.discard(session)
        self._stalled.discard(session)
        self._changed.set()

    def left(self) -> None:
        """A client went away when it was refused TLS: it insists, though the configuration does not show it."""
        where = "[tool.hotfire.service.environment]"
        self.unmet = (
            f'the service insists on TLS to {self.dependency}: name "{{{self.dependency}.ca}}" in {where} '
            "(PGSSLROOTCERT; SSL_CERT_FILE for ssl=True in Python), and the border offers it"
        )

    def strayed(self, path: str) -> None:
        """The service would have changed what is the project's own, and no copy: it does not know where that lies."""
        self.unmet = (
            f'the service writes to {path} itself: name "{{{self.dependency}.path}}", where its copy of that folder '
            "lies, in [tool.hotfire.service.environment], and let the service read it from there"
        )

    def turned(self, session: Session | None = None) -> None:
        """A call has been answered: somebody may wait for rest. One that `session` let wait for ever was ended."""
        if session:
            self._stalled.discard(session)
        self._changed.set()

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Own a task that a session's callback begins; none outlives the border."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def busy(self) -> Iterator[Session]:
        """The sessions with an open exchange or transaction."""
        self._backlog.catch_up()
        return (session for session in self.sessions if session.busy)

    async def rested(self, deadline: float) -> tuple[int, ...]:
        """Wait until no exchange and no transaction is open; the server's names of those that still are."""
        await self._until(lambda: not any(self.busy()), deadline)
        return tuple(session.process_id for session in self.busy())

    async def ended(self, sessions: Collection[Session], deadline: float) -> bool:
        """Wait until these connections have ended at both ends, whatever others there are."""
        await self._until(lambda: self.sessions.isdisjoint(sessions), deadline)
        return self.sessions.isdisjoint(sessions)

    async def drained(self, deadline: float) -> bool:
        """Wait until every connection has ended at both ends."""
        await self._until(lambda: not self.sessions, deadline)
        return not self.sessions

    async def _until(self, condition: Callable[[], bool], deadline: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()

    def cut_all(self) -> None:
        """End every connection: the service is gone, or is about to be."""
        for task in self._tasks:
            task.cancel()
        for session in tuple(self.sessions):
            session.cut()
