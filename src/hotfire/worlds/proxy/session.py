"""One connection of the service to Postgres through the border: a relay, and a sans-IO dialogue.

The client's bytes are cut into segments; each that asks something is a call, and the border says what becomes of it.
"""

import asyncio
from collections import deque
from typing import assert_never

from hotfire.model.action import Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.wire import postgres as wire
from hotfire.wire.postgres.login import Login, LoginRefusedError
from hotfire.wire.postgres.whole import is_whole
from hotfire.worlds.proxy.backlog import Moment
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.cancelling import cancel
from hotfire.worlds.proxy.crossing import Crossing
from hotfire.worlds.proxy.flow import MOST
from hotfire.worlds.proxy.reach import Connect
from hotfire.worlds.proxy.relay import Relay, ServerEnd

_CANCELLED = "57014"  # query_canceled
_AGAIN = 0.05  # seconds between two requests to cancel


class PostgresSession(Relay):
    """A connection whose bytes are PostgreSQL's."""

    def __init__(self, border: Border, connect: Connect, database: str, login: Login) -> None:
        super().__init__(border)
        self._connect = connect
        self._database = database
        self._login = login
        self._opening = bytearray()
        self._refused_tls = False
        self._dialogue = wire.Dialogue()
        self._asked: deque[Crossing | None] = deque()
        self._stopped = False  # held, delayed or dropped: what comes after must wait
        self._kept: tuple[wire.Segment, Crossing | None] | None = None
        self._waiting: deque[wire.Segment] = deque()
        self._behind = 0  # bytes of what waits
        self._uncut = 0  # bytes of the client that are in no segment yet
        self._reply = bytearray()
        self._unread = 0  # bytes that the dialogue has not told yet
        self._ahead = 0  # those of them that the client has already
        self._waits = self._refused = False  # the server waits for ever; the dialogue keeps bytes from the client
        self._in_transaction = False
        self._connecting: asyncio.Task[None] | None = None

    # what the border asks

    @property
    def busy(self) -> bool:
        """A call without its reply, or a transaction that is open."""
        return bool(self._asked) or bool(self._waiting) or self._in_transaction

    @property
    def process_id(self) -> int:
        """The backend's process id, from BackendKeyData."""
        self._border.catch_up()
        return self._dialogue.process_id

    def release(self) -> None:
        """Go on with what is held."""
        self._border.catch_up()
        self._stopped = False
        self._pass_back()
        if self._kept and self._server:
            segment, crossing = self._kept
            self._kept = None
            self._forward(segment, crossing)
        while self._waiting and not self._stopped:
            segment = self._waiting.popleft()
            self._behind -= len(segment.data)
            self._take(segment)
        self._hear_again()

    def _hear_again(self) -> None:
        """Read on where little is kept any more."""
        if self._from_client and self._behind <= MOST:
            self._from_client.open("kept")
        if self._from_server and not self._stopped:
            self._from_server.open("kept")

    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""
        self._border.catch_up()
        self._stopped = False
        if self._kept:
            (segment, crossing), self._kept = self._kept, None
            if crossing:
                self._do(action, segment, crossing)
        else:
            self._do_back(action)
        if not self._stopped:
            self.release()

    # the service's end

    def data_received(self, data: bytes) -> None:
        """Bytes from the service."""
        if self._server is None:
            self._opening += data
            self._open()
            return
        self._hear(data)

    def _open(self) -> None:
        """Before the session: refuse encryption, pass a cancellation on, or connect as the client asks."""
        while self._connecting is None and self._client:
            try:
                opening = wire.opening(bytes(self._opening))
            except ValueError as error:
                self._refuse("08P01", str(error))
                return
            if opening is None:
                return
            del self._opening[: len(opening.data)]
            match opening:
                case wire.SSLRequest() | wire.GSSRequest():
                    self._client.write(wire.REFUSED)
                    self._refused_tls |= isinstance(opening, wire.SSLRequest)
                case wire.CancelRequest():
                    self._connecting = self._border.spawn(self._reach(opening.data))
                case wire.Startup():
                    self._refused_tls = False
                    if not self._is_let_in():
                        return
                    parameters = {**opening.parameters, "user": self._login.user, "database": self._database}
                    self._connecting = self._border.spawn(self._reach(wire.startup_message(parameters)))
                case _:
                    assert_never(opening)

    def _is_let_in(self) -> bool:
        """Whether the script lets the connection begin; else it is reset, or never answered."""
        if isinstance(action := self._border.on_open(self), Reset):
            self._reset()
        return not isinstance(action, Reset | Drop)

    async def _reach(self, first: bytes) -> None:
        """Connect to the server and say the first packet, then what has come meanwhile."""
        try:
            await self._connect(ServerEnd(self))
        except OSError as error:
            self._refuse("08006", f"the server is not there: {error}")
            return
        self._write_server(first)
        waiting, self._opening = bytes(self._opening), bytearray()
        if waiting:
            self._hear(waiting)

    def _refuse(self, sqlstate: str, problem: str) -> None:
        """No session: say why in the server's manner."""
        if self._client:
            self._client.write(wire.error_response(sqlstate, f"hotfire: {problem}"))
            self._client.close()

    def _hear(self, data: bytes) -> None:
        """Pass on at once what nobody may hold, and read it later; else read it first."""
        held = self._border.gates_calls or self._stopped or self._waiting or self._uncut
        if not held and is_whole(data):
            moment = Moment.now()  # before the server can have it
            self._write_server(data)
            self._border.later(self._heard, data, moment)
        else:
            self._border.catch_up()
            self._cut(data)

    def _heard(self, data: bytes, moment: Moment) -> None:
        """Read what the server has already."""
        for segment in self._dialogue.client(data):
            if segment.ask:
                self._asked.append(self._number_call(segment.ask, moment))
                self._in_transaction = segment.ask.transaction

    def _number_call(self, ask: wire.Ask, moment: Moment) -> Crossing | None:
        return self._border.call(self._dialogue.process_id, self._number, ask, moment)

    def _cut(self, data: bytes) -> None:
        self._uncut += len(data)
        for segment in self._dialogue.client(data):
            self._uncut -= len(segment.data)
            if self._stopped:
                self._waiting.append(segment)
                self._behind += len(segment.data)
            else:
                self._take(segment)
        if self._behind > MOST and self._from_client:
            self._from_client.shut("kept")

    def connection_lost(self, exc: Exception | None) -> None:
        """The service's end is gone, perhaps since it was refused TLS."""
        if self._refused_tls and self._connecting is None:
            self._border.left()
        super().connection_lost(exc)

    def _take(self, segment: wire.Segment) -> None:
        """Do with a segment what the border says."""
        ask = segment.ask
        if ask is None:
            self._write_server(segment.data)
            return
        crossing = self._number_call(ask, Moment.now())
        if crossing is None:
            self._forward(segment, None)
            return
        self._do(self._border.on_call(self, crossing), segment, crossing)

    def _do(self, action: Action, segment: wire.Segment, crossing: Crossing) -> None:
        match action:
            case Forward():
                self._forward(segment, crossing)
            case Hold():
                self._stopped, self._kept = True, (segment, crossing)
                self._border.hold(self)
            case Delay(seconds=seconds):
                self._stopped, self._kept = True, (segment, crossing)
                asyncio.get_running_loop().call_later(seconds, self.release)
            case Drop() | Answer() if segment.ask and segment.ask.rolls_back:
                self._forward(segment, crossing)
            case Drop():
                self._substitute(segment, crossing, _CANCELLED, "", waits=True)
            case Reset():
                self._reset()
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._forward(segment, crossing)
                else:
                    self.cut()
            case Answer(code=code, message=message):
                self._substitute(segment, crossing, code, message, waits=False)
            case _:
                assert_never(action)

    def _forward(self, segment: wire.Segment, crossing: Crossing | None) -> None:
        self._asked.append(crossing)
        self._in_transaction = segment.ask is not None and segment.ask.transaction
        self._write_server(segment.data)

    def _substitute(self, segment: wire.Segment, crossing: Crossing, code: str, text: str, *, waits: bool) -> None:
        """Let the server itself raise the error, or wait as a busy one does: so all agree, and time-outs are true."""
        self._asked.append(crossing)
        self._refused, self._waits = True, waits
        self._write_server(self._dialogue.refuse(segment, code, text, waits=waits))

    def _end_server(self) -> None:
        """Nothing goes on; the server's EOF then says that all is rolled back and unlocked."""
        self._stopped, self._kept = True, None
        self._waiting.clear()
        self._behind = 0
        if self._waits:
            self._border.spawn(self._interrupt())
        super()._end_server()

    async def _interrupt(self) -> None:
        """Cancel what waits, which does not see its client go; again, as long as it has not begun and does not hear."""
        while self._server:
            await cancel(self._connect, self._dialogue.process_id, self._dialogue.secret)
            await asyncio.sleep(_AGAIN)

    # the server's end

    def server_data(self, data: bytes) -> None:
        """Bytes from the server: until the border is logged in, they are for it."""
        if not self._login.done:
            try:
                self._write_server(self._login.server(data))
            except LoginRefusedError as error:
                self._refuse("28000", str(error))
                return
            data = self._login.rest
        moment = Moment.now()
        if self._reply or self._refused or self._border.gates_replies or self._unread != self._ahead:
            self._border.catch_up()
            self._read(data, moment)
        else:
            self._write_client(data)  # nobody may hold it
            self._border.later(self._told, data, moment)

    def _told(self, data: bytes, moment: Moment) -> None:
        """Read what the client has already."""
        self._ahead += len(data)
        self._read(data, moment)

    def _read(self, data: bytes, moment: Moment) -> None:
        """Read what the server told, and pass on or gather what the client has not got yet."""
        self._unread += len(data)
        for told in self._dialogue.server(data):
            piece = told.data[self._ahead :]
            self._ahead = max(0, self._ahead - len(told.data))
            self._unread -= len(told.data)
            answers = self._border.gates_replies and bool(self._asked) and told.call
            gated = bool(self._reply) or (answers and bool(piece or not told.data))
            if gated:
                self._bound_reply()
                self._reply += piece
            else:
                self._write_client(piece)
            if told.invites and not self._stopped:
                self._pass_back()
            if told.done and self._asked:
                self._done(self._asked.popleft(), told.done, moment, gated=gated)

    def _bound_reply(self) -> None:
        """Of a long answer, all but the end goes on before it is judged: it is cut in its middle, as by a network."""
        if len(self._reply) <= MOST:
            return
        if not self._stopped:
            self._pass_back()
        elif self._from_server:
            self._from_server.shut("kept")

    def _done(self, crossing: Crossing | None, done: wire.Done, moment: Moment, *, gated: bool) -> None:
        self._waits = False
        if done.status:
            self._in_transaction = done.status != "I"
        self._border.turned(self)
        if crossing is not None:
            self._border.replied(crossing, done, moment)
        if gated:
            if crossing is None:
                self._pass_back()
            else:
                self._do_back(self._border.on_reply(self, crossing))

    def _do_back(self, action: Action) -> None:
        """Do with a reply what the border says."""
        match action:
            case Forward():
                self._pass_back()
            case Hold():
                self._stopped = True
                self._border.hold(self)
            case Delay(seconds=seconds):
                asyncio.get_running_loop().call_later(seconds, self._pass_back)
            case Drop():
                self._reply.clear()
            case Reset() | Answer():
                self._reply.clear()
                self._reset()
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._pass_back()
                else:
                    self._reply.clear()
                    self.cut()
            case _:
                assert_never(action)

    def _pass_back(self) -> None:
        self._write_client(bytes(self._reply))
        self._reply.clear()
