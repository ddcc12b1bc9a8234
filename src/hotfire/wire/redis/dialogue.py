"""One session of Redis's protocol, without IO: bytes in, what was asked and what was told out.

Rules
- `client()` cuts the client's stream into pieces, one a command. Each that does something by itself has an Ask, and
  each Ask gets exactly one Done, in order. A border can forward, hold, drop or refuse it.
- A transaction is one Ask: that of EXEC, or of DISCARD. MULTI and what is queued behind it do nothing, and so pass.
- What it wrote is durable at its reply. A refused EXEC (a watched key has changed) wrote nothing.
- A push of RESP3 is no reply. From SUBSCRIBE, MONITOR or PSYNC on the server speaks on its own, and nothing is read.
- `opaque` says why the session cannot be read any more: garbage, a reply that nobody waits for, CLIENT REPLY OFF. From
  there on all passes as it is; nothing is kept back, and nothing raises.

Documentation: "Redis serialization protocol specification", "Transactions", "Pub/sub".
"""

from collections import deque
from dataclasses import dataclass, field

from hotfire.wire.postgres.names import Script
from hotfire.wire.postgres.transaction import Transaction
from hotfire.wire.redis.arguments import Arguments
from hotfire.wire.redis.asks import Ask, Done, Piece, Told
from hotfire.wire.redis.commands import Command, CommandTable
from hotfire.wire.redis.frames import Frames, Place, scan_client, scan_server
from hotfire.wire.redis.login import OK, PING, login
from hotfire.wire.redis.values import encode
from hotfire.wire.sql import Statement

_DISCARD = encode(b"DISCARD")
_LISTENING = frozenset(
    ("subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe", "monitor", "psync", "sync")
)
_AMONG_LISTENING = _LISTENING | {"ping", "quit", "reset", "hello", "replconf"}
_NOT_QUEUED = frozenset(("exec", "discard", "multi", "watch", "reset", "quit"))
_PUSH, _ERROR, _BULK_ERROR = b">-!"
_NIL = (b"*-1", b"$-1", b"_")


@dataclass(slots=True)
class _Command:
    """A command on its way, and what it may write."""

    command: Command
    arguments: Arguments

    def wrote(self, reply: bytes) -> tuple[tuple[str, str], ...]:
        """What it wrote, by its reply."""
        return self.command.written(self.arguments) if self.command.changed(self.arguments, reply) else ()


@dataclass(slots=True)
class _Multi:
    """A transaction as it is queued."""

    said: Transaction = field(default_factory=Transaction)
    queued: list[_Command] = field(default_factory=list)

    def add(self, text: str) -> str:
        """Note a command; the signature with it."""
        signature, _ = self.said.execute(Script.of(Statement(text=text)))
        return signature


@dataclass(slots=True)
class _Open:
    """A command without its reply. `multi`: it begins, is queued in, or ends this; `reply`: what the client hears."""

    command: _Command
    ask: Ask | None
    multi: _Multi | None = None
    reply: bytes | None = None


class Dialogue:
    """One client's session. Feed it both streams in the order they come."""

    def __init__(self, table: CommandTable) -> None:
        self.opaque = ""
        """Why this session cannot be read any more; empty while it can."""
        self._table = table
        self._client, self._server = Frames(scan_client), Frames(scan_server)
        self._open: deque[_Open] = deque()
        self._own = 0  # of these, whose replies are not the server's
        self._multi: _Multi | None = None
        self._listens = False  # the client has asked to; what the server says before it is still read
        self._told_all = False  # the server speaks on its own

    @property
    def in_multi(self) -> bool:
        """Whether a transaction is being queued."""
        return self._multi is not None and not self.opaque

    @property
    def held(self) -> int:
        """How many of the client's bytes are in no piece yet."""
        return self._client.waiting

    @property
    def untold(self) -> int:
        """How many of the server's bytes are in no piece yet."""
        return self._server.waiting

    @property
    def answers_itself(self) -> bool:
        """Whether a reply is to come that is not the server's own."""
        return self._own > 0

    def client(self, data: bytes) -> list[Piece]:
        """Take bytes of the client; the pieces that are complete with them."""
        if self.opaque:
            return [Piece(self._client.take() + data, None)]
        buffer, ends = self._client.feed(data)
        pieces: list[Piece] = []
        start = 0
        for end in ends:
            pieces.append(self._heard(buffer[start:end]))
            start = end
            if self._has_given_up():
                break
        self._give_up(self._client.garbage)
        if self._has_given_up() and (rest := buffer[start:] + self._client.take()):
            pieces.append(Piece(rest, None))
        return pieces

    def server(self, data: bytes) -> list[Told]:
        """Take bytes of the server; the pieces of its stream that are complete with them."""
        if self.opaque or self._told_all:
            data = self._server.take() + data
            return [Told(data, None, len(data))]
        buffer, ends = self._server.feed(data)
        told: list[Told] = []
        start = 0
        for end in ends:
            told.append(self._answered(buffer[start:end]))
            start = end
            if self._has_given_up() or self._speaks():
                break
        if not self._speaks():
            self._give_up(self._server.garbage)
        if (self._has_given_up() or self._speaks()) and (rest := buffer[start:] + self._server.take()):
            told.append(Told(rest, None, len(rest)))
        return told

    def _has_given_up(self) -> bool:
        return bool(self.opaque)

    def _speaks(self) -> bool:
        return self._told_all

    def refuse(self, piece: Piece, error: str) -> Piece:
        """What to send the server in place of this call, whose reply to the client is then `error` ("CODE message").

        Call it before anything of it is sent. A transaction is discarded, so that both ends know it is over.
        Raises ValueError for a piece that waits for no reply.
        """
        opened = next((opened for opened in self._open if opened.ask is piece.ask), None)
        if opened is None or piece.ask is None:
            problem = "this piece waits for no reply"
            raise ValueError(problem)
        self._own += opened.reply is None
        opened.reply = b"-%s\r\n" % " ".join(error.split()).encode()
        self._listens = False
        return Piece(PING if opened.multi is None else _DISCARD, piece.ask)

    def _give_up(self, why: str) -> None:
        self.opaque = self.opaque or why

    # the client's side

    def _heard(self, message: bytes) -> Piece:
        """A whole command of the client."""
        arguments = Arguments.of(message)
        if not arguments.count:
            return Piece(message, None)
        name = arguments.word(0)
        if self._listens:
            if name not in _AMONG_LISTENING:
                self._give_up(f"{name.upper()} on a connection that listens to messages is not read")
            return Piece(message, None)
        if name == "client" and arguments.word(1) == "reply":
            self._give_up("CLIENT REPLY lets the server answer nothing")
            return Piece(message, None)
        command = _Command(self._table.find(arguments), arguments)
        if name == "multi" or (self._multi and name not in _NOT_QUEUED):
            return self._queue(message, command)
        instead = login(arguments)
        reply = instead.reply if instead else None
        self._own += reply is not None
        ask = self._ask(command)
        self._open.append(_Open(command, ask, self._end_multi(name), reply))
        self._listens = name in _LISTENING
        return Piece(instead.data if instead else message, ask)

    def _queue(self, message: bytes, command: _Command) -> Piece:
        """MULTI, or a command behind it: by itself it does nothing."""
        if command.arguments.word(0) == "multi":
            begun = None if self._multi else _Multi()  # the server refuses one within another
            self._multi = self._multi or begun
            self._open.append(_Open(command, None, begun))
        elif self._multi:
            self._multi.add(command.command.says(command.arguments))
            self._multi.queued.append(command)
            self._open.append(_Open(command, None, self._multi))
        return Piece(message, None)

    def _ask(self, command: _Command) -> Ask:
        text = command.command.says(command.arguments)
        ends = self._multi is not None and command.arguments.word(0) in {"exec", "discard"}
        signature = self._multi.add(text) if self._multi and ends else text
        return Ask(text, signature, not command.command.connects, command.command.blocks(command.arguments))

    def _end_multi(self, name: str) -> _Multi | None:
        """The transaction that a command of this name ends."""
        if name in {"watch", "multi"}:  # refused within one, which stays
            return None
        multi, self._multi = self._multi, None
        return multi

    # the server's side

    def _answered(self, message: bytes) -> Told:
        """A whole value of the server."""
        kind, size = message[0], len(message)
        if not self._open:
            if kind not in {_PUSH, _ERROR}:  # an error may come before the server hangs up
                self._give_up("the server answered what nobody asked")
            return Told(message, None, size)
        opened = self._open[0]
        listening = opened.ask is not None and opened.command.command.name in _LISTENING and opened.reply is None
        if kind == _PUSH and not listening:
            return Told(message, None, size)
        self._open.popleft()
        self._own -= opened.reply is not None
        message = message if opened.reply is None else opened.reply
        if opened.ask is None:
            self._note(opened, message)
            return Told(message, None, size)
        if listening and kind == _ERROR:
            self._listens = False
        elif listening:
            self._told_all = True
        return Told(message, _done(opened, message), size)

    def _note(self, opened: _Open, message: bytes) -> None:
        """MULTI's reply, or that of a command behind it."""
        if message[0] == _ERROR:
            if self._multi is opened.multi and opened.multi and not opened.multi.queued:
                self._multi = None
        elif message != (OK if opened.command.arguments.word(0) == "multi" else b"+QUEUED\r\n"):
            self._give_up("the server did at once what was to be queued")


def _done(opened: _Open, message: bytes) -> Done:
    """The end of an ask, by its reply."""
    if message[0] in {_ERROR, _BULK_ERROR}:
        return Done("error", _detail(message), ())
    if opened.multi is None:
        return Done("ok", _detail(message), opened.command.wrote(message))
    if opened.command.arguments.word(0) != "exec":
        return Done("ok", _detail(message), ())
    if message.startswith(_NIL):
        return Done("ok", "nil: a watched key has changed", ())
    queued = zip(opened.multi.queued, _items(message), strict=False)
    writes = [write for each, reply in queued for write in each.wrote(reply)]
    return Done("ok", _detail(message), tuple(dict.fromkeys(writes)))


def _items(message: bytes) -> list[bytes]:
    """The values of an array; none of anything else, which no server answers to EXEC."""
    if message[:1] != b"*":
        return []
    body = message[message.index(b"\r\n") + 2 :]
    ends: list[int] = []
    scan_server(body, Place(), ends)
    return [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _detail(message: bytes) -> str:
    """A reply in the server's own word, as far as it is short."""
    if message.startswith(_NIL):
        return "nil"
    kind = message[0]
    line = message[1 : message.index(b"\r\n")].decode("utf-8", "replace")
    if kind == _BULK_ERROR:
        return message[message.index(b"\r\n") + 2 : -2].decode("utf-8", "replace")
    match message[:1]:
        case b"$" | b"=":
            return f"{line} bytes"
        case b"*" | b"~" | b"%" | b">":
            return f"{line} items"
        case _:
            return line
