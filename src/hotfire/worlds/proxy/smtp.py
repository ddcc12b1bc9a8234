"""One connection of the service to the mail server through the border: a mail is a call once its last line has come.

Who signs in and what an envelope says is answered at once, and does nothing. A mail that was taken is an effect: it has
left the house, whatever becomes of the service's transaction and of its reply.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import assert_never, cast

from hotfire.model.action import Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.wire.smtp import GREETING, Asked, Dialogue, Message, Outcome
from hotfire.worlds.proxy.backlog import Moment
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.crossing import Crossing
from hotfire.worlds.proxy.outlet import reset

_CHUNK = 1 << 16

Take = Callable[[Message], None]
"""Keeps a mail that is sent."""


class SmtpSession(asyncio.Protocol):
    """One connection; a `Session` of the border."""

    def __init__(self, border: Border, take: Take) -> None:
        self._border = border
        self._take = take
        self._dialogue = Dialogue()
        self._transport: asyncio.Transport | None = None
        self._number = 0
        self._sent = 0
        self._crossing: Crossing | None = None
        self._called: Message | None = None  # a mail that is not taken yet
        self._unanswered = False  # a mail is taken, and its reply is kept back
        self._stopped = False  # nothing more is said or heard

    # what the border asks

    @property
    def busy(self) -> bool:
        """A mail without its reply."""
        return self._called is not None or self._unanswered

    @property
    def process_id(self) -> int:
        """The border's own number of the connection."""
        return self._number

    @property
    def held(self) -> bool:
        """Whether the service still holds its end."""
        return self._transport is not None

    def release(self) -> None:
        """Go on with what is held."""
        if self._called:
            self._forward(self._called)
        else:
            self._pass_back()

    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""
        if self._called:
            self._do(action, self._called)
        else:
            self._do_back(action)

    def cut(self) -> None:
        """The line ends: what the service had sent is read before, but not what was kept back."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        with contextlib.suppress(OSError):  # no more is there
            while not (self.busy or self._stopped) and (data := os.read(_descriptor(transport), _CHUNK)):
                self.data_received(data)
        self._stop()
        transport.abort()

    # the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection of the service begins."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        self._number = self._border.opened(self)
        match self._border.on_open(self):
            case Reset():
                self._reset()
            case Drop():
                self._stop()
            case _:
                self._say(GREETING)

    def data_received(self, data: bytes) -> None:
        """Lines of the service."""
        if not self._stopped:
            self._say(self._dialogue.feed(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The service has gone, or was cut."""
        del exc
        self._transport = None
        self._stop()
        self._border.closed(self)

    def _say(self, replies: bytes) -> None:
        """Answer what has come; a mail that has come with it is a call."""
        if self._transport and replies:
            self._transport.write(replies)
        if self._dialogue.message and not self.busy:
            self._call(self._dialogue.message)
        elif self._dialogue.ended and self._transport:
            self._transport.close()

    # a mail

    def _call(self, message: Message) -> None:
        self._called = message
        self._border.catch_up()  # what crossed another border before is numbered before
        self._crossing = self._border.call(self._number, self._number, Asked.of(message), Moment.now())
        if self._crossing is None:
            self._forward(message)
        else:
            self._do(self._border.on_call(self, self._crossing), message)

    def _do(self, action: Action, message: Message) -> None:
        """Do with a mail what the border says."""
        match action:
            case Forward():
                self._forward(message)
            case Hold():
                self._border.hold(self)
            case Delay(seconds=seconds):
                self._later(seconds)
            case Drop():
                self._stop()
            case Reset():
                self._reset()
            case Answer(code=code, message=words):
                self._refuse(code, words)
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._forward(message)
                else:
                    self._reset()
            case _:
                assert_never(action)

    def _forward(self, message: Message) -> None:
        """Send it: from here on nobody calls it back."""
        self._take(message)
        self._called, self._unanswered = None, True
        crossing = self._crossing
        if crossing is None:
            self._pass_back()
            return
        self._sent += 1
        self._border.replied(crossing, Outcome(outcome="ok", detail="", durable=True), Moment.now())
        self._border.wrote(crossing.wrote(self._sent, [("send", f"{self._border.dependency}.messages")]))
        self._do_back(self._border.on_reply(self, crossing))

    def _do_back(self, action: Action) -> None:
        """Do with the reply what the border says."""
        match action:
            case Forward():
                self._pass_back()
            case Hold():
                self._border.hold(self)
            case Delay(seconds=seconds):
                self._later(seconds)
            case Drop():
                self._stop()
            case Reset() | Answer():  # it is sent: a refusal would be a lie
                self._reset()
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._pass_back()
                else:
                    self._reset()
            case _:
                assert_never(action)

    def _pass_back(self) -> None:
        if self._unanswered:
            self._crossing, self._unanswered = None, False
            self._border.turned()
            self._say(self._dialogue.taken())

    def _refuse(self, code: str, words: str) -> None:
        """The server's own word that it does not take it; the session goes on."""
        if self._crossing:
            detail = f"{code} {words}".strip()
            self._border.replied(self._crossing, Outcome(outcome="error", detail=detail, durable=False), Moment.now())
        self._called = self._crossing = None
        self._border.turned(self)
        self._say(self._dialogue.refused(code, words))

    def _later(self, seconds: float) -> None:
        kept = self._crossing

        def go_on() -> None:
            if self.busy and self._crossing is kept:
                self.release()

        asyncio.get_running_loop().call_later(seconds, go_on)

    def _reset(self) -> None:
        self._stop()
        if self._transport:
            reset(self._transport)

    def _stop(self) -> None:
        """Nothing is awaited any more, and nothing said."""
        self._stopped, self._unanswered = True, False
        self._called = self._crossing = None
        self._border.turned()


def _descriptor(transport: asyncio.Transport) -> int:
    return int(transport.get_extra_info("socket").fileno())
