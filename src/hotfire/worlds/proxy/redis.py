"""One connection of the service to Redis through the border: a relay, and a sans-IO dialogue.

The client's bytes are cut into commands; each that does something by itself is a call, and the border says what becomes
of it. What stands behind a call that is held or dropped waits; so does what stands behind a reply. Where the script may
act on replies, a pipeline's calls are passed on one by one, so that it can be cut between them, as a network may do.
While nothing may be held, bytes are passed on first and read when somebody asks, as those of Postgres are.

At rest: a command that may wait for another client (BLPOP, XREAD with BLOCK, WAIT) is no work while it waits, nor is a
connection that listens (SUBSCRIBE, MONITOR); a transaction that is being queued is.
"""

import asyncio
from collections import deque
from typing import assert_never

from hotfire.model.action import Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.wire.redis import Ask, CommandTable, Dialogue, Done, Piece, is_whole, may_log_in
from hotfire.worlds.proxy.backlog import Moment
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.crossing import Crossing
from hotfire.worlds.proxy.encrypted import begins_tls
from hotfire.worlds.proxy.reach import Connect
from hotfire.worlds.proxy.relay import Relay, ServerEnd
from hotfire.worlds.proxy.replies import Replies


class RedisSession(Relay):
    """A connection whose bytes are Redis's."""

    def __init__(self, border: Border, connect: Connect, table: CommandTable) -> None:
        super().__init__(border)
        self._connect = connect
        self._dialogue = Dialogue(table)
        self._begun = False
        self._opening = bytearray()  # of the client, before there is a server
        self._asked: deque[tuple[Ask, Crossing | None]] = deque()
        self._stopped = False  # a call is held, delayed or dropped: what comes after must wait
        self._kept: tuple[Piece, Crossing] | None = None
        self._waiting: deque[Piece] = deque()
        self._replies = Replies(border, self, self._write_client, self._reset, self._drain)
        self._ahead = 0  # bytes that the client has already, and that the dialogue has not told yet
        self._holds = False  # what is kept is held, not delayed
        self._transactions = 0

    # what the border asks

    @property
    def busy(self) -> bool:
        """A call without its reply, unless it waits for another client, or a transaction that is being queued."""
        if self._dialogue.opaque:
            return False  # nobody can know
        asked = any(not ask.blocks for ask, _ in self._asked)
        return asked or bool(self._waiting) or self._dialogue.in_multi

    @property
    def process_id(self) -> int:
        """The border's own number of the connection: the server's would have to be asked for."""
        return self._number

    def release(self) -> None:
        """Go on with what is held, calls and replies."""
        self._border.catch_up()
        self._go_on(self._kept)
        self._replies.release()

    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""
        self._border.catch_up()
        if self._holds and self._kept:
            self._holds = False
            (piece, crossing), self._kept = self._kept, None
            self._stopped = False
            self._do(action, piece, crossing)
            self._drain()
        else:
            self._replies.resume(action)

    # the service's end

    async def _reach(self) -> None:
        """Connect to the server and say what has come meanwhile."""
        try:
            await self._connect(ServerEnd(self))
        except OSError as error:
            self._border.unreadable(f"the server is not there: {error}")
            self.cut()
            return
        waiting, self._opening = bytes(self._opening), bytearray()
        if waiting and self._client:
            self._hear(waiting)

    def data_received(self, data: bytes) -> None:
        """Bytes from the service. One that insists on TLS is told so, for it would wait for ever."""
        if not self._begun and begins_tls(data):
            self._border.left()
            self.cut()
            return
        if not self._begun:
            self._begun = True
            self._begin(self._border.on_open(self))
        if self._server is None or self._opening:
            self._opening += data
        else:
            self._hear(data)

    def _begin(self, action: Action) -> None:
        """The script is asked at the first word: a reset before that would meet the client where luck has it."""
        match action:
            case Reset():
                self._reset()
            case Drop():
                pass  # what it says is kept, for nobody
            case _:
                self._border.spawn(self._reach())

    def _hear(self, data: bytes) -> None:
        """Pass on at once what nobody may hold, and read it later; else read it first."""
        gated = self._border.gates_calls or self._border.gates_replies
        held = gated or self._stopped or self._waiting or self._dialogue.held
        if not held and is_whole(data) and not may_log_in(data):
            moment = Moment.now()  # before the server can have it
            self._write_server(data)
            self._border.later(self._heard, data, moment)
            return
        self._border.catch_up()
        self._waiting.extend(self._dialogue.client(data))
        self._look()
        self._drain()

    def _heard(self, data: bytes, moment: Moment) -> None:
        """Read what the server has already."""
        for piece in self._dialogue.client(data):
            if piece.ask:
                self._asked.append((piece.ask, self._number_call(piece.ask, moment)))
        self._look()

    def _look(self) -> None:
        """Say so where the session cannot be read."""
        if self._dialogue.opaque:
            self._border.unreadable(self._dialogue.opaque)

    def _number_call(self, ask: Ask, moment: Moment) -> Crossing | None:
        return self._border.call(self._number, self._number, ask, moment)

    def _take(self, piece: Piece) -> None:
        """Do with a piece what the border says."""
        if piece.ask is None:
            self._write_server(piece.data)
            return
        crossing = self._number_call(piece.ask, Moment.now())
        if crossing is None:
            self._forward(piece, None)
        else:
            self._do(self._border.on_call(self, crossing), piece, crossing)

    def _do(self, action: Action, piece: Piece, crossing: Crossing) -> None:
        match action:
            case Forward():
                self._forward(piece, crossing)
            case Hold():
                self._keep(piece, crossing)
                self._holds = True
                self._border.hold(self)
            case Delay(seconds=seconds):
                kept = self._keep(piece, crossing)
                asyncio.get_running_loop().call_later(seconds, self._go_on, kept)
            case Drop():
                self._stopped = True
            case Reset():
                self._reset()
            case Signal(name=name, forward=forward):
                self._border.signal(name)
                if forward:
                    self._forward(piece, crossing)
                else:
                    self.cut()
            case Answer(code=code, message=message):
                self._forward(self._dialogue.refuse(piece, f"{code} {message}"), crossing)
            case _:
                assert_never(action)

    def _keep(self, piece: Piece, crossing: Crossing) -> tuple[Piece, Crossing]:
        self._stopped = True
        self._kept = (piece, crossing)
        return self._kept

    def _go_on(self, kept: tuple[Piece, Crossing] | None) -> None:
        """Pass on what was kept, if it still is."""
        if kept is None or kept is not self._kept:
            return
        self._kept, self._stopped, self._holds = None, False, False
        self._forward(*kept)
        self._drain()

    def _drain(self) -> None:
        while self._waiting and not self._stopped and not self._waits():
            self._take(self._waiting.popleft())

    def _waits(self) -> bool:
        """Whether a reply is to come that the script may act on: what stands behind it is not asked before."""
        if self._dialogue.opaque or not self._border.gates_replies:
            return False
        return bool(self._asked) or self._replies.stopped

    def _forward(self, piece: Piece, crossing: Crossing | None) -> None:
        if piece.ask:
            self._asked.append((piece.ask, crossing))
        self._write_server(piece.data)

    def _end_server(self) -> None:
        """Nothing goes on, there or back."""
        self._stopped, self._kept = True, None
        self._waiting.clear()
        self._replies.end()
        super()._end_server()

    # the server's end

    def server_data(self, data: bytes) -> None:
        """Bytes from the server: passed on at once where nobody may hold them."""
        moment = Moment.now()
        held = self._border.gates_replies or self._replies.stopped or self._dialogue.answers_itself
        if held or self._dialogue.untold != self._ahead:
            self._border.catch_up()
            self._read(data, moment)
        else:
            self._write_client(data)
            self._border.later(self._told, data, moment)

    def _told(self, data: bytes, moment: Moment) -> None:
        """Read what the client has already."""
        self._ahead += len(data)
        self._read(data, moment)

    def _read(self, data: bytes, moment: Moment) -> None:
        """Read what the server told, and pass on or keep what the client has not got yet."""
        for told in self._dialogue.server(data):
            had = min(self._ahead, told.size)
            self._ahead -= had
            crossing = self._replied(told.done, moment) if told.done else None
            if had < told.size:
                gated = crossing if self._border.gates_replies and not had else None
                self._replies.add(told.data[had:], gated)
        self._look()
        self._replies.drain()
        self._drain()

    def _replied(self, done: Done, moment: Moment) -> Crossing | None:
        """Record the reply of the oldest call, and what it wrote."""
        crossing = self._asked.popleft()[1] if self._asked else None
        self._border.turned()
        if crossing is None:
            self._border.touch()
            return None
        self._border.replied(crossing, done, moment)
        if done.writes:
            self._transactions += 1
            self._border.wrote(crossing.wrote(self._transactions, done.writes))
        return crossing

    def server_lost(self) -> None:
        """The server has ended the connection; what it said before is read."""
        self._border.catch_up()
        super().server_lost()
