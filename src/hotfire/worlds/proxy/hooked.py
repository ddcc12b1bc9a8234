"""A hook inside of the service, in front of SQLite or of files: a connection, which asks before a call, tells after.

The thread that makes the call waits for our answer, so an Action is done while nothing else of that connection happens.
Between a file and its library no message can be lost: a Reset is an error of the disk, before the call or, from a
reply, behind it; perturbations that lose messages are not planned here.
"""

import asyncio
import json
from typing import assert_never, cast

from hotfire.model.action import Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.model.store import Write
from hotfire.wire.hook import Call, Dialogue, Done, Lines, Outcome, Stray
from hotfire.worlds.proxy.backlog import Moment
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.crossing import Crossing


class HookedSession(asyncio.Protocol):
    """The hook's line, for one connection.

    `broken` is what the library says itself when the file cannot be reached. `waits`: the hook wants to hear that we
    have heard what came of a call, before it goes on.
    """

    def __init__(self, border: Border, dialogue: Dialogue, broken: str, *, waits: bool = False) -> None:
        self._border = border
        self._lines = Lines()
        self._dialogue = dialogue
        self._broken = broken
        self._always = waits
        self._transport: asyncio.Transport | None = None
        self._crossing: Crossing | None = None
        self._written: list[Write] = []
        self._calling = False  # a call has begun whose outcome was not told
        self._waits = False  # the hook will wait for an answer when it has told
        self._transactions = 0
        self._number = 0
        self.asked: float | None = None
        """When the call that is not told yet was let go, in the loop's seconds; None where there is none."""

    # what the border asks

    @property
    def busy(self) -> bool:
        """A call without its outcome, or a transaction that is open."""
        return self._calling or self._dialogue.open

    @property
    def open(self) -> bool:
        """Whether it is in a transaction, and so may hold a lock."""
        return self._dialogue.open

    @property
    def process_id(self) -> int:
        """The border's own number of the connection: a file's library knows none."""
        return self._number

    @property
    def held(self) -> bool:
        """Whether the service still holds its end."""
        return self._transport is not None

    def release(self) -> None:
        """Go on with what is held."""
        self._go()

    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""
        self._do(action)

    def cut(self) -> None:
        """The service is gone, or is about to be."""
        if self._transport:
            self._transport.abort()

    # what the hook says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection begins."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        self._number = self._border.opened(self)

    def data_received(self, data: bytes) -> None:
        """What is asked or told."""
        for said in self._lines.feed(data):
            match said:
                case Call():
                    self._called(said)
                case Done():
                    self._done(said)
                case Stray():
                    self._border.strayed(said.path)
                    self._answer({"wait": False})
                case _:
                    assert_never(said)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection was closed, or its process has ended, and has let go of the file with it."""
        del exc
        self._transport = None
        self._border.closed(self)

    def _called(self, call: Call) -> None:
        asked = self._dialogue.call(call)
        self._calling, self._waits = True, False
        self._border.catch_up()  # what crossed another border before is numbered before
        self._crossing = self._border.call(self._number, self._number, asked, Moment.now())
        if self._crossing is None:
            self._go()
        else:
            self._do(self._border.on_call(self, self._crossing))

    def _done(self, done: Done) -> None:
        outcome = self._dialogue.done(done)
        crossing, self._crossing = self._crossing, None
        self._calling, self.asked = False, None
        if crossing is None:
            self._border.touch()
        else:
            self._written += crossing.wrote(self._transactions, outcome.wrote)  # kept until its transaction is durable
            self._border.replied(crossing, outcome, Moment.now())
        if outcome.durable:
            self._border.wrote(self._written)
        if not self._dialogue.open:
            self._transactions += 1
            self._written = []
        self._border.turned()
        if self._waits and crossing is not None:
            self._do(self._border.on_reply(self, crossing))
        elif self._waits:
            self._go()

    def _do(self, action: Action) -> None:
        """Do with the call, or with the outcome that waits, what the script wants."""
        match action:
            case Forward():
                self._go()
            case Hold():
                self._border.hold(self)
            case Delay(seconds=seconds):
                asyncio.get_running_loop().call_later(seconds, self._go)
            case Drop():
                pass
            case Reset():
                self._fail(self._broken)
            case Answer(code=code, message=message):
                self._fail(message, code)
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._go()
            case _:
                assert_never(action)

    def _go(self) -> None:
        """Let the thread go on."""
        if self._calling and self.asked is None:
            self.asked = asyncio.get_running_loop().time()
        self._waits = self._calling and (self._always or self._border.gates_replies)
        self._answer({"wait": self._waits})

    def _fail(self, problem: str, code: str = "") -> None:
        """Have the library raise it: in place of the call, or behind what was done."""
        if self._calling and self._crossing is not None:
            self._border.replied(self._crossing, Outcome(outcome="error", detail=problem), Moment.now())
            self._calling, self._crossing = False, None
        self._answer({"fail": problem, "code": code} if code else {"fail": problem})

    def _answer(self, answer: dict[str, object]) -> None:
        if self._transport:
            self._transport.write(json.dumps(answer).encode() + b"\n")
