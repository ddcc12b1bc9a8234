"""One connection of the service to a partner over HTTP: each request is a call, the stand-in's answer its reply.

TLS and clear text come to one port: a TLS client's first byte tells it.
"""

import asyncio
import ssl
from typing import Protocol, assert_never, cast

from hotfire.model.action import FORWARD, Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.wire.http import Ask, Dialogue, Interim, Naming, Refusal, Request, Response, refusal
from hotfire.worlds.proxy.backlog import Moment
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.crossing import Crossing
from hotfire.worlds.proxy.encrypted import Encrypted, begins_tls, distrusted, way_out
from hotfire.worlds.proxy.outlet import Outlet, reset
from hotfire.worlds.stores.partner.ledger import Done, Served

_UNAVAILABLE = 503


class Partner(Protocol):
    """Who is behind the border."""

    def serve(self, request: Request, ask: Ask, done: Done) -> None:
        """Have a request answered; `done` is told on this loop, at once or later."""
        ...


class HttpSession(asyncio.Protocol):
    """A connection's requests come one after the other; what comes while one is under way waits."""

    def __init__(self, border: Border, naming: Naming, partner: Partner, tls: ssl.SSLContext | None) -> None:
        self._border = border
        self._naming = naming
        self._partner = partner
        self._tls = tls
        self._dialogue = Dialogue()
        self._client: asyncio.Transport | None = None
        self._out: Outlet | Encrypted | None = None
        self._number = 0
        self._written = 0
        self._call: tuple[Request, Ask] | None = None  # under way: asked, and not answered to the client
        self._crossing: Crossing | None = None
        self._reply: Response | None = None  # the call's answer, not passed back yet
        self._asked = False  # the partner is at work
        self._kept = False  # call or reply waits for a release
        self._begun = self._deaf = self._lost = False

    # what the border asks

    @property
    def busy(self) -> bool:
        """A call that the partner is at work on: it ends there, whoever still waits for it."""
        return self._asked

    @property
    def process_id(self) -> int:
        """The border's own number of the connection: a partner has none."""
        return self._number

    @property
    def held(self) -> bool:
        """Whether the service still holds its end."""
        return self._client is not None

    def release(self) -> None:
        """Go on with what is held."""
        if self._kept:
            self._kept = False
            self._go()

    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""
        self._kept = False
        self._do(action)

    def cut(self) -> None:
        """The service is gone, or is about to be."""
        if self._client:
            self._client.abort()

    # the service's end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection of the service begins, or its TLS stands."""
        self._client = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        self._out = way_out(self._client)
        if not self._number:
            self._number = self._border.opened(self)

    def _begin(self, action: Action) -> None:
        """The script may reset the connection, or let it wait for ever.

        It is asked at the first word: a reset before that would meet the client where luck has it.
        """
        self._deaf = isinstance(action, Drop | Reset)
        if isinstance(action, Reset):
            self._reset()

    def data_received(self, data: bytes) -> None:
        """Bytes of the service, in clear or decrypted."""
        self._border.touch()
        if not self._begun:
            self._begun = True
            self._begin(self._border.on_open(self))
        if self._deaf:
            return
        tls, self._tls = self._tls, None
        if tls and begins_tls(data) and self._client:
            Encrypted(self._client, self, tls).received(data)
            return
        self._dialogue.receive(data)
        self._next()

    def eof_received(self) -> bool:
        """The client says nothing more; what it has asked is answered first."""
        self._dialogue.receive(b"")
        return self._call is not None

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone. What has reached the partner is done there all the same; what was held is not."""
        self._client = self._out = None
        self._lost, self._kept = True, False
        if isinstance(exc, ssl.SSLError):
            self._border.unmet = _untrusting(self._border.dependency, exc)
        if not self._asked:
            self._border.closed(self)

    def _next(self) -> None:
        """Take the next request, unless one is under way."""
        while self._call is None and (event := self._dialogue.next()) is not None:
            match event:
                case Interim(data=data):
                    self._send(data)
                case Refusal(problem=problem, data=data):
                    self._border.unmet = f"a client of {self._border.dependency} must speak HTTP/1.1: {problem}"
                    self._send(data)
                    self._close()
                case Request():
                    self._called(event)
                case _:
                    assert_never(event)

    def _called(self, request: Request) -> None:
        ask = self._naming.ask(request)
        self._call = (request, ask)
        self._border.catch_up()  # what crossed another border before is numbered before
        self._crossing = self._border.call(self._number, self._number, ask, Moment.now())
        self._do(self._border.on_call(self, self._crossing) if self._crossing else FORWARD)

    # what becomes of a call, then of its reply

    def _do(self, action: Action) -> None:
        match action:
            case Forward():
                self._go()
            case Hold():
                self._kept = True
                self._border.hold(self)
            case Delay(seconds=seconds):
                self._kept = True
                asyncio.get_running_loop().call_later(seconds, self.release)
            case Drop():
                pass
            case Reset():
                self._reset()
            case Answer(code=code, message=message):
                self._substitute(refusal(int(code) if code.isdigit() else _UNAVAILABLE, message))
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._go()
                else:
                    self.cut()
            case _:
                assert_never(action)

    def _go(self) -> None:
        """Pass on the call, or back the reply."""
        if self._reply is not None:
            self._pass_back(self._reply)
        elif self._call is not None and not self._lost:
            self._asked = True
            self._partner.serve(*self._call, self._answered)

    def _answered(self, served: Served) -> None:
        """The partner has answered: what it changed is changed, whatever becomes of the reply."""
        self._asked = False
        self._border.catch_up()
        self._border.unmet = self._border.unmet or served.trouble
        moment = Moment.now()
        if served.wrote:
            self._written += 1
            made = [("insert", f"{self._border.dependency}.requests")]
            self._border.wrote(self._crossing.wrote(self._written, made) if self._crossing else ())
        self._record(served.response, moment, durable=served.wrote)
        if self._lost:
            self._border.closed(self)
            return
        self._reply = served.response
        gated = self._crossing if self._border.gates_replies else None
        self._do(self._border.on_reply(self, gated) if gated else FORWARD)

    def _record(self, response: Response, moment: Moment, *, durable: bool) -> None:
        if self._crossing:
            self._border.replied(self._crossing, response.told(durable=durable), moment)
        else:
            self._border.touch()
        self._border.turned(self)

    def _substitute(self, response: Response) -> None:
        """Answer with an error of the partner's kind; a call that it has seen is done there all the same."""
        if self._reply is None:
            self._record(response, Moment.now(), durable=False)
        self._pass_back(response)

    def _pass_back(self, response: Response) -> None:
        self._call = self._crossing = self._reply = None
        self._send(self._dialogue.respond(response))
        if self._dialogue.ends:
            self._close()
        else:
            self._next()

    def _send(self, data: bytes) -> None:
        if self._out and data:
            self._out.send(data)

    def _close(self) -> None:
        if self._client:
            self._client.close()

    def _reset(self) -> None:
        if self._client:
            reset(self._client)


def _untrusting(name: str, error: ssl.SSLError) -> str:
    told = distrusted(name, error, "SSL_CERT_FILE, REQUESTS_CA_BUNDLE, AWS_CA_BUNDLE")
    pins = f'a client that pins certificates is given "{{{name}.url}}" as its base URL, or does not pin in trials'
    return f"{told}; {pins}"
