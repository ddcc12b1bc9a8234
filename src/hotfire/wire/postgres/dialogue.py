"""One session of PostgreSQL's protocol, without IO: bytes in, what was asked and what was told out.

Rules
- `client()` cuts the client's stream into segments: a simple Query, a FunctionCall, or one Execute with the Parse,
  Bind, Describe and Close before it and the one Sync or Flush directly behind it; without an Execute, all up to the
  Sync or Flush. A segment is what a border can forward, hold, drop or refuse. Where it is cut depends on the
  messages only, never on the chunks: an Execute waits for the next message's first byte, which no client can mind,
  since the server flushes its answer at Sync or Flush.
- Each segment that is answered has an Ask, and each Ask gets exactly one Done, in order.
- `server()` never keeps a byte back but for a message that is not complete, and never raises for a message that it
  does not know or expect: it passes it on.
- A COPY, in or out, is part of its Ask, the client's CopyData too. In the extended protocol the server ignores the
  Sync behind COPY FROM's Execute; the one behind CopyDone takes its place and is no Ask of its own.

Specification: PostgreSQL's "Frontend/Backend Protocol", versions 3.0 and 3.2 (they differ in nothing used here).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from hotfire.wire.postgres.asks import Ask, Done, Segment, Status, Told
from hotfire.wire.postgres.frames import Frames, frames, length_at
from hotfire.wire.postgres.names import Names, statements, word
from hotfire.wire.postgres.startup import SYNC, raise_portal, raise_statement
from hotfire.wire.postgres.transaction import Transaction
from hotfire.wire.sql import Statement

_FLUSH = b"H\0\0\0\x04"
_EXTENDED = frozenset((b"P", b"B", b"D", b"C", b"E"))
_ENDS = frozenset((b"S", b"H"))
_ASKS = _EXTENDED | _ENDS | {b"Q", b"F"}
_ROWS = frozenset((b"D", b"d"))
# The client's steps that ReadyForQuery answers.
_READIES = "SQF"
_FUNCTION = (Statement(text="function ?"),)


class Dialogue:
    """One client's session, from the answer to its start-up packet on. Feed it both streams in the order they come."""

    def __init__(self) -> None:
        self.process_id = 0
        self.secret = b""
        self.parameters: dict[str, str] = {}
        """What ParameterStatus said last: "server_version", "client_encoding", …"""
        self._client, self._server = Frames(), Frames()
        self._names, self._transaction = Names(), Transaction()
        self._draft = _Draft()
        self._open: deque[_Open] = deque()
        self._syncs_ignored = 0
        self._uncommitted = False

    @property
    def held(self) -> bytes:
        """The client's bytes that are in no segment yet."""
        return self._draft.data + self._client.rest

    def client(self, data: bytes) -> list[Segment]:
        """Take bytes of the client; the segments that are complete with them."""
        buffer = self._client.join(data)
        segments: list[Segment] = []
        start = at = 0
        for kind, end in frames(buffer):
            if self._draft.ends_before(kind):
                segments.append(self._cut(buffer[start:at]))
                start = at
            self._hear(kind, buffer, at + 5, end)
            at = end
            if kind in _ENDS or kind in {b"Q", b"F"}:
                segments.append(self._cut(buffer[start:at]))
                start = at
        if self._draft.quiet:
            segments.append(self._cut(buffer[start:at]))
            start = at
        if at > start:
            self._draft.data += buffer[start:at]
        self._client.keep(buffer, at)
        return segments

    def server(self, data: bytes) -> list[Told]:
        """Take bytes of the server; the pieces of its stream that are complete with them."""
        buffer = self._server.join(data)
        told: list[Told] = []
        start = at = 0
        for kind, end in frames(buffer):
            if kind in _ROWS:
                at = end
                continue
            if kind == b"Z":
                told.extend(Told(data=b"", done=done, call=True) for done in self._skipped())
            unasked = self._unasked(kind)
            done = self._told(kind, buffer, at + 5, end)
            if unasked or done is not None:
                piece = buffer[start : at if unasked else end]
                told.append(Told(data=piece, done=done, call=True))
                start = end
            at = end
        if at > start:
            told.append(Told(data=buffer[start:at], done=None, call=bool(self._open)))
        self._server.keep(buffer, at)
        return told

    def refuse(self, segment: Segment, sqlstate: str, message: str) -> bytes:
        """What to send the server in place of `segment`, so that it raises `sqlstate` itself.

        Call it before anything is sent of `segment`, which `client()` has returned and which has an ask. The client
        gets the error where it expects its answer. In the extended protocol the server also answers the Parse and
        Bind of the statement that raises; `server()` keeps these two answers from the client, in whatever it
        returns, for they may answer nothing that it sent. The unnamed statement and portal are lost, as they may
        be at any error. In a transaction that has failed already the server answers 25P02 instead. Raises ValueError
        for a segment that waits for no answer, or a `sqlstate` that cannot be raised.
        """
        asked = next((asked for asked in self._open if asked.ask is segment.ask), None)
        if asked is None:
            problem = "nothing of this segment waits for an answer"
            raise ValueError(problem)
        if asked.steps in {"Q", "F"}:
            return raise_statement(sqlstate, message)
        asked.steps = "pbES" if asked.steps.endswith("S") else "pbE"
        end = segment.data[-5:]
        return raise_portal(sqlstate, message) + (end if end in {SYNC, _FLUSH} else b"")

    def _hear(self, kind: bytes, buffer: bytes, at: int, end: int) -> None:
        """Note a message of the client in the draft of its segment."""
        draft = self._draft
        match kind:
            case b"S" if self._syncs_ignored and not draft.steps:
                self._syncs_ignored -= 1
                draft.quiet = True
            case b"P":
                draft.prepared += self._names.prepare(buffer, at)
            case b"B":
                draft.bound = self._names.bind(buffer, at)
            case b"D":
                draft.bound = draft.bound or self._names.described(buffer, at)
            case b"C":
                self._names.close(buffer, at)
            case b"E":
                draft.executed = self._names.executed(buffer, at)
            case b"Q":
                draft.executed = statements(buffer[at : end - 1])
            case b"F":
                draft.executed = _FUNCTION
            case _:
                draft.quiet = kind not in _ENDS
        if kind in _ASKS and kind != b"H" and not draft.quiet:
            draft.steps += kind.decode()

    def _cut(self, data: bytes) -> Segment:
        """End the draft: a segment with its ask, which from now on waits for its answer."""
        draft, self._draft = self._draft, _Draft()
        data = draft.data + data if draft.data else data
        if not draft.steps:
            return Segment(data=data, ask=None)
        ask = self._ask(draft)
        self._open.append(_Open(ask=ask, steps=draft.steps))
        return Segment(data=data, ask=ask)

    def _ask(self, draft: "_Draft") -> Ask:
        transaction = self._transaction
        commits = False
        if draft.executed is not None:
            executed = self._names.resolved(draft.executed)
            text = "; ".join([statement.text for statement in executed])
            signature, commits = transaction.execute(executed)
        else:
            text = draft.preparing
            signature = transaction.and_then(text) if text else ""
        if draft.steps[-1] in _READIES:
            said = transaction.said
            if transaction.end():
                commits = True
                signature = signature or said
        return Ask(
            text=text,
            signature=signature,
            executes=draft.executed is not None,
            transaction=transaction.explicit,
            commits=commits,
        )

    def _unasked(self, kind: bytes) -> bool:
        """Whether this answers a message of ours, not of the client."""
        step = _UNASKED.get(kind)
        return step is not None and bool(self._open) and self._open[0].next == step

    def _told(self, kind: bytes, buffer: bytes, at: int, end: int) -> Done | None:
        """Note a message of the server; the end of the oldest ask's answer, if this is it."""
        match kind:
            case b"C":
                return self._complete(buffer[at : end - 1].decode("utf-8", "replace"))
            case b"Z":
                return self._ready(_STATUS.get(buffer[at:end], ""))
            case b"E":
                return self._fail(_fields(buffer[at:end]))
            case b"s":
                return self._complete("suspended")
            case b"V":
                self._uncommitted = True
            case b"G" | b"W":
                self._syncs_ignored += sum(asked.steps.count("S", asked.at) for asked in self._open)
            case b"K":
                self.process_id, self.secret = length_at(buffer, at)[0], buffer[at + 4 : end]
            case b"S":
                name, at = word(buffer, at)
                self.parameters[name.decode()] = word(buffer, at)[0].decode("utf-8", "replace")
            case _:
                return self._step(_ANSWERS.get(kind, ""))
        return None

    def _complete(self, tag: str) -> Done | None:
        """A statement has ended. COMMIT's tag is durability, also in a pipeline; that of a failed one is ROLLBACK."""
        commit = tag.startswith("COMMIT")
        self._uncommitted = not commit and tag != "ROLLBACK"
        if not self._open:
            return None
        self._open[0].tags.append(tag)
        self._open[0].durable |= commit
        return self._step("E")

    def _step(self, step: str) -> Done | None:
        if not self._open or self._open[0].next.upper() != step:
            return None
        asked = self._open[0]
        asked.at += 1
        return None if asked.next else self._finish("")

    def _fail(self, error: dict[str, str]) -> Done | None:
        """An error ends all up to the next Sync; a fatal one ends the session."""
        self._uncommitted = False
        if not self._open:
            return None
        asked = self._open[0]
        asked.error = (error.get("C", ""), error.get("M", ""))
        if asked.readies and error.get("V", error.get("S")) not in {"FATAL", "PANIC"}:
            asked.at = len(asked.steps) - 1
            return None
        return self._finish("")

    def _skipped(self) -> Iterator[Done]:
        """The asks that the server skipped before its ReadyForQuery, which answers the oldest one that ends so."""
        while self._open and not self._open[0].readies:
            self._open[0].error = _SKIPPED
            yield self._finish("")

    def _ready(self, status: Status) -> Done | None:
        self._syncs_ignored = 0
        done = None
        if self._open:
            asked = self._open[0]
            if asked.at < len(asked.steps) - 1:
                asked.error = asked.error or _SKIPPED
            asked.durable |= status == "I" and self._uncommitted and asked.error is None
            done = self._finish(status)
        if status == "I":
            self._uncommitted = False
        if not self._open:
            self._transaction.correct(status)
            if status == "I":
                self._names.end_transaction()
        return done

    def _finish(self, status: Status) -> Done:
        asked = self._open.popleft()
        sqlstate, message = asked.error or ("", "")
        return Done(
            outcome="error" if asked.error else "ok",
            detail=f"{sqlstate} {message}".strip() if asked.error else "; ".join(asked.tags),
            sqlstate=sqlstate,
            status=status,
            durable=asked.durable,
        )


_STATUS: dict[bytes, Status] = {b"I": "I", b"T": "T", b"E": "E"}
_ANSWERS = {b"1": "P", b"2": "B", b"3": "C", b"T": "D", b"n": "D", b"I": "E"}
_UNASKED = {b"1": "p", b"2": "b"}
_SKIPPED = ("", "skipped: the pipeline failed before")


@dataclass(slots=True, kw_only=True)
class _Open:
    """An ask without a Done: its steps, one letter for each message that is answered, and how far the answer is."""

    ask: Ask
    steps: str
    at: int = 0
    tags: list[str] = field(default_factory=list)
    error: tuple[str, str] | None = None
    durable: bool = False

    @property
    def next(self) -> str:
        return self.steps[self.at : self.at + 1]

    @property
    def readies(self) -> bool:
        return self.steps[-1] in _READIES


@dataclass(slots=True, kw_only=True)
class _Draft:
    """The client's next segment, as far as it has come."""

    data: bytes = b""
    steps: str = ""
    prepared: tuple[Statement, ...] = ()
    bound: tuple[Statement, ...] = ()
    executed: tuple[Statement, ...] | None = None
    quiet: bool = False

    def ends_before(self, kind: bytes) -> bool:
        """Whether a message of this kind no longer belongs to it."""
        if self.executed is not None:
            return kind not in _ENDS
        if self.quiet:
            return kind in _ASKS
        return bool(self.steps) and kind not in _EXTENDED and kind not in _ENDS

    @property
    def preparing(self) -> str:
        statements = self.prepared or self.bound
        return "prepare: " + "; ".join(statement.text for statement in statements) if statements else ""


def _fields(body: bytes) -> dict[str, str]:
    """An ErrorResponse's fields by their letter."""
    words = body.decode("utf-8", "replace").split("\0")
    return {field[0]: field[1:] for field in words if field}
