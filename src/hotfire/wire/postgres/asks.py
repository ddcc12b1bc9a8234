"""What a session's two streams are made of: the client's segments and asks, the server's pieces and their ends.

Tuples, not frozen dataclasses: some of each are made for every message that crosses a border, and cost a third so.
"""

from typing import Literal, NamedTuple

Status = Literal["I", "T", "E", ""]


class Ask(NamedTuple):
    """What the client asks in one segment.

    text         the normalised statements that it executes, joined by "; "; "prepare: …" where it only prepares,
                 describes or binds; "(empty)" for no statement; "" where it only closes or ends (Sync).
    signature    the statements executed since the transaction began, this segment's included, joined by "; ", equal
                 ones in a row as "… (3 times)". An ask that only prepares adds its text for itself alone; a Sync that
                 commits has its implicit transaction's; any other "".
    executes     whether it executes anything.
    transaction  whether an explicit transaction is open after it.
    commits      whether its answer may make the signature's statements durable.
    """

    text: str
    signature: str
    executes: bool
    transaction: bool
    commits: bool

    @property
    def ends_transaction(self) -> bool:
        """Whether it is a COMMIT and no more: whatever becomes of it, the transaction is over."""
        return self.text.upper().split(" ", 1)[0] in {"COMMIT", "END"} and ";" not in self.text

    @property
    def rolls_back(self) -> bool:
        """Whether it is a ROLLBACK, which no server refuses."""
        return self.text.upper().startswith(("ROLLBACK", "ABORT"))


class Segment(NamedTuple):
    """A piece of the client's stream; `ask` is None where nothing of its own is answered (CopyData, Terminate…)."""

    data: bytes
    ask: Ask | None


class Done(NamedTuple):
    """The end of an ask's answer.

    detail   the command tags, joined by "; " ("suspended" for a portal with more rows), or "SQLSTATE message".
    sqlstate the error's; "" also for what the server skipped because an earlier part of the pipeline failed.
    status   ReadyForQuery's, where the answer ends with it.
    durable  the statements since the transaction's start are durable now, if they wrote at all.
    """

    outcome: Literal["ok", "error"]
    detail: str
    sqlstate: str
    status: Status
    durable: bool


class Told(NamedTuple):
    """A piece of the server's stream: `call` says whether it belongs to the oldest ask without a Done.

    `done` is set where that ask's answer is complete with this piece; its data is empty for an ask that was skipped.
    `invites`: it ends with a CopyInResponse, which the client must have before it says anything more.
    """

    data: bytes
    done: Done | None
    call: bool = True
    invites: bool = False
