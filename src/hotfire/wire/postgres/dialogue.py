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
from dataclasses import dataclass, field

from hotfire.wire.postgres.asks import Ask, Done, Segment, Status, Told
from hotfire.wire.postgres.draft import Draft
from hotfire.wire.postgres.frames import HEAD, Frames, head_at, length_at
from hotfire.wire.postgres.names import Names, word
from hotfire.wire.postgres.startup import SYNC, raise_portal, raise_statement
from hotfire.wire.postgres.transaction import Transaction

_FLUSH = b"H\0\0\0\x04"
# The client's steps that ReadyForQuery answers.
_READIES = "SQF"
_COMPLETE, _READY, _ERROR, _SUSPENDED, _FUNCTION_RESULT = b"CZEsV"
_COPY_IN, _COPY_BOTH, _KEY, _PARAMETER = b"GWKS"
_INVITES = frozenset((_COPY_IN, _COPY_BOTH))
_ROWS = frozenset(b"Dd")
# The steps that a message ends that says no more; a small letter is a step of ours, not of the client.
_ANSWERS = dict(zip(b"123TnI", ("Pp", "Bb", "C", "D", "D", "E"), strict=True))
_OURS = dict(zip(b"12C", "pbc", strict=True))


class Dialogue:
    """One client's session, from the answer to its start-up packet on. Feed it both streams in the order they come."""

    def __init__(self) -> None:
        self.process_id = 0
        self.secret = b""
        self.parameters: dict[str, str] = {}
        """What ParameterStatus said last: "server_version", "client_encoding", …"""
        self._client, self._server = Frames(), Frames()
        self._names, self._transaction = Names(), Transaction()
        self._draft = Draft(self._names)
        self._open: deque[_Open] = deque()
        self._refused = False
        self._uncommitted = False

    @property
    def held(self) -> bytes:
        """The client's bytes that are in no segment yet."""
        return self._draft.data + self._client.rest

    def client(self, data: bytes) -> list[Segment]:
        """Take bytes of the client; the segments that are complete with them."""
        buffer, draft = self._client.join(data), self._draft
        segments: list[Segment] = []
        start = at = 0
        size = len(buffer)
        while at + HEAD <= size:
            kind, length = head_at(buffer, at)
            end = at + 1 + length
            if end > size:
                break
            if kind not in draft.continues:
                segments.append(self._cut(buffer[start:at]))
                start = at
            at = draft.hear(kind, buffer, at + HEAD, end)
            if draft.whole:
                segments.append(self._cut(buffer[start:at]))
                start = at
        if draft.quiet:
            segments.append(self._cut(buffer[start:at]))
        elif at > start:
            draft.data += buffer[start:at]
        if at < size:
            self._client.keep(buffer, at)
        return segments

    def server(self, data: bytes) -> list[Told]:
        """Take bytes of the server; the pieces of its stream that are complete with them."""
        buffer = self._server.join(data)
        told: list[Told] = []
        start = at = 0
        size = len(buffer)
        while at + HEAD <= size:
            kind, length = head_at(buffer, at)
            end = at + 1 + length
            if end > size:
                break
            if kind in _ROWS:
                at = end
                continue
            steps = _ANSWERS.get(kind)
            if self._refused and self._is_ours(kind):
                told.append(Told(buffer[start:at], self._step(_OURS[kind])))
                start, done = end, None
            elif steps is None:
                if kind == _READY and self._open and not self._open[0].readies:
                    told += self._skipped()
                done = self._told(kind, buffer, at + HEAD, end)
            else:
                done = self._step(steps)
            if done is not None or kind in _INVITES:
                told.append(Told(buffer[start:end], done, invites=done is None))
                start = end
            at = end
        if at > start:
            told.append(Told(buffer[start:at], None, bool(self._open)))
        if at < size:
            self._server.keep(buffer, at)
        return told

    def refuse(self, segment: Segment, sqlstate: str, message: str, *, waits: bool = False) -> bytes:
        """What to send the server in place of `segment`, so that it raises `sqlstate` itself.

        `waits`: not until it is cancelled, by the client or by the server's own statement_timeout.

        Call it before anything is sent of `segment`, which `client()` has returned and which has an ask. The client
        gets the error where it expects its answer. In the extended protocol the server also answers the Parse and
        Bind of the statement that raises; `server()` keeps these two answers from the client, in whatever it
        returns, for they may answer nothing that it sent. The unnamed statement and portal are lost, as they may
        be at any error. In a transaction that has failed already the server answers 25P02 instead. In place of a COMMIT
        it rolls back besides, for a COMMIT that fails ends its transaction (not in the extended protocol).
        Raises ValueError for a segment that waits for no answer, or a `sqlstate` that cannot be raised.
        """
        asked = next((asked for asked in self._open if asked.ask is segment.ask), None)
        if asked is None:
            problem = "nothing of this segment waits for an answer"
            raise ValueError(problem)
        if asked.left in {"Q", "F"}:
            if ends := asked.ask.ends_transaction:
                asked.left = "ccQ" if waits else "cQ"
                self._refused = True
            return raise_statement(sqlstate, message, waits=waits, ends=ends)
        asked.left = "pbES" if asked.readies else "pbE"
        self._refused = True
        end = segment.data[-HEAD:]
        return raise_portal(sqlstate, message, waits=waits) + (end if end in {SYNC, _FLUSH} else b"")

    def _cut(self, data: bytes) -> Segment:
        """End the draft: a segment with its ask, which from now on waits for its answer."""
        draft = self._draft
        data = draft.data + data if draft.data else data
        ask = self._ask(draft) if draft.steps else None
        if ask is not None:
            self._open.append(_Open(ask, draft.steps, draft.steps[-1] in _READIES))
        draft.clear()
        return Segment(data, ask)

    def _ask(self, draft: Draft) -> Ask:
        transaction, executed = self._transaction, draft.executed
        commits = False
        if executed is not None:
            if executed.named:
                executed = self._names.resolved(executed)
            text = executed.text
            signature, commits = transaction.execute(executed)
        else:
            text = draft.preparing
            signature = transaction.and_then(text) if text else ""
        if draft.steps[-1] in _READIES and not transaction.explicit:
            said = transaction.said
            if transaction.end():
                commits = True
                signature = signature or said
        return Ask(text, signature, executed is not None, transaction.explicit, commits)

    def _is_ours(self, kind: int) -> bool:
        """Whether this answers a message of ours, not of the client."""
        return kind in _OURS and bool(self._open) and self._open[0].left.startswith(_OURS[kind])

    def _told(self, kind: int, buffer: bytes, at: int, end: int) -> Done | None:
        """Note a message of the server; the end of the oldest ask's answer, if this is it."""
        if kind == _COMPLETE:
            return self._complete(buffer[at : end - 1].decode("utf-8", "replace"))
        if kind == _READY:
            return self._ready(_STATUS.get(buffer[at:end], ""))
        if kind == _ERROR:
            return self._fail(_fields(buffer[at:end]))
        if kind == _SUSPENDED:
            return self._complete("suspended")
        self._note(kind, buffer, at, end)
        return None

    def _note(self, kind: int, buffer: bytes, at: int, end: int) -> None:
        """Note a message of the server that ends nothing."""
        if kind == _FUNCTION_RESULT:
            self._uncommitted = True
        elif kind in _INVITES:
            self._draft.syncs_ignored += sum(asked.left.count("S") for asked in self._open)
        elif kind == _KEY:
            self.process_id, self.secret = length_at(buffer, at)[0], buffer[at + 4 : end]
        elif kind == _PARAMETER:
            name, at = word(buffer, at)
            self.parameters[name.decode()] = word(buffer, at)[0].decode("utf-8", "replace")

    def _complete(self, tag: str) -> Done | None:
        """A statement has ended. COMMIT's tag is durability, also in a pipeline; that of a failed one is ROLLBACK."""
        commit = tag.startswith("COMMIT")
        self._uncommitted = not commit and tag != "ROLLBACK"
        if not self._open:
            return None
        asked = self._open[0]
        asked.tags.append(tag)
        if commit:
            asked.durable = True
        if asked.left[0] != "E":
            return None
        asked.left = asked.left[1:]
        return None if asked.left else self._finish("")

    def _step(self, steps: str) -> Done | None:
        """The answer to the oldest ask's next step, if this is one of `steps`."""
        if not self._open:
            return None
        asked = self._open[0]
        if asked.left[0] not in steps:
            return None
        asked.left = asked.left[1:]
        return None if asked.left else self._finish("")

    def _fail(self, error: dict[str, str]) -> Done | None:
        """An error ends all up to the next Sync; a fatal one ends the session."""
        self._uncommitted = False
        if not self._open:
            return None
        asked = self._open[0]
        asked.error = (error.get("C", ""), error.get("M", ""))
        if asked.readies and error.get("V", error.get("S")) not in {"FATAL", "PANIC"}:
            asked.left = asked.left[-1]
            return None
        return self._finish("")

    def _skipped(self) -> list[Told]:
        """The asks that the server skipped before its ReadyForQuery, which answers the oldest one that ends so."""
        told: list[Told] = []
        while self._open and not self._open[0].readies:
            self._open[0].error = _SKIPPED
            told.append(Told(b"", self._finish("")))
        return told

    def _ready(self, status: Status) -> Done | None:
        self._draft.syncs_ignored = 0
        done = None
        if self._open:
            asked = self._open[0]
            if len(asked.left) > 1:
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
        if asked.error is None:
            return Done("ok", "; ".join(asked.tags), "", status, asked.durable)
        sqlstate, message = asked.error
        return Done("error", f"{sqlstate} {message}".strip(), sqlstate, status, asked.durable)


_STATUS: dict[bytes, Status] = {b"I": "I", b"T": "T", b"E": "E"}
_SKIPPED = ("", "skipped: the pipeline failed before")


@dataclass(slots=True)
class _Open:
    """An ask without a Done; `left` are its steps that are not answered yet, one letter each."""

    ask: Ask
    left: str
    readies: bool
    tags: list[str] = field(default_factory=list)
    error: tuple[str, str] | None = None
    durable: bool = False


def _fields(body: bytes) -> dict[str, str]:
    """An ErrorResponse's fields by their letter."""
    words = body.decode("utf-8", "replace").split("\0")
    return {field[0]: field[1:] for field in words if field}
