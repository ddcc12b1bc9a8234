"""Where secrets stand in a history: in a line, in an answer to somebody else, in a mail, in what a partner is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hotfire.loglines.leaks import Leak, is_password, is_secret, leaks_in, tokens_in
from hotfire.model.history import History, Reply, RowChange, Undone
from hotfire.model.step import Step

Place = Literal["log", "answer", "mail", "outbound call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Secrets in one text. `where` tells the place in the user's words, `pointer` names it in the history.

    `certain`: nobody may have meant it. A partner that is sent a token may be the one who checks it.
    """

    place: Place
    where: str
    pointer: str
    leaks: tuple[Leak, ...]
    certain: bool = True

    @property
    def secrets(self) -> tuple[str, ...]:
        """Whose secrets they are, of which kind: "token author"; sorted."""
        return tuple(sorted({f"{leak.kind} {leak.owner}" for leak in self.leaks}))

    def says(self) -> str:
        """What stands where, in the user's words."""
        named = list(dict.fromkeys(leak.says for leak in self.leaks))
        return f"{' and '.join(named)} stand{'s' * (len(named) == 1)} in {self.where}: {self.leaks[0].excerpt}"


def exposures_of(history: History, step: Step) -> Iterator[Exposure]:
    """Every place of a history in which a secret stands; of lines with the same secrets, the first."""
    yield from _in_log(history)
    yield from _in_answers(history.replies, step, "replies")
    if history.undone:
        yield from _in_answers(history.undone.replies, step, "undone.replies")
    for index, change in enumerate(history.state):
        yield from _sent(change, f"state[{index}]")


def _in_log(history: History) -> Iterator[Exposure]:
    undone = history.undone or Undone(state=())
    replies = (*history.replies, *undone.replies)
    issued = {token: reply.actor for reply in replies for token in tokens_in(reply.body)}
    told: set[tuple[str, ...]] = set()
    for name, lines in (("opening", history.opening), ("logs", history.logs), ("undone.logs", undone.logs)):
        for index, line in enumerate(lines):
            leaks = tuple(leaks_in(line.text, issued))
            exposure = Exposure(place="log", where="the log", pointer=f"{name}[{index}]", leaks=leaks)
            if leaks and exposure.secrets not in told:
                told.add(exposure.secrets)
                yield exposure


def _in_answers(replies: Sequence[Reply], step: Step, where: str) -> Iterator[Exposure]:
    for index, reply in enumerate(replies):
        if leaks := tuple(_leaked_to(reply, step)):
            place = f"{where}[{index}]"
            yield Exposure(place="answer", where=f"an answer to {reply.actor}", pointer=place, leaks=leaks)


def _leaked_to(reply: Reply, step: Step) -> Iterator[Leak]:
    """What the asking actor has not earned. A peer sends the step's very request, with what its own actor typed."""
    known = {reply.actor} if reply.actor == step.actor else {reply.actor, step.actor}
    for text in (reply.body, *(value for _, value in reply.headers)):
        for leak in leaks_in(text):
            match leak.kind:
                case "token" | "password" if leak.owner not in known:
                    yield leak
                case "environment" if is_secret(leak.owner) and not leak.owner.upper().endswith("API_KEY"):
                    yield leak
                case _:  # earned: whoever made the account was told; a URL: perhaps the user's own
                    pass


def _sent(change: RowChange, pointer: str) -> Iterator[Exposure]:
    """The rows of mail servers and of partners' ledgers are what they were sent."""
    text = " ".join(filter(None, (change.after or {}).values()))
    if change.table == f"{change.store}.messages":
        leaks = tuple(leak for leak in leaks_in(text) if leak.kind in {"password", "environment", "url"})
        if leaks:
            yield Exposure(place="mail", where=f"a mail by {change.store}", pointer=pointer, leaks=leaks)
    elif change.table == f"{change.store}.requests":
        leaks = tuple(leak for leak in leaks_in(text) if leak.kind != "environment" or is_password(leak.owner))
        if leaks:
            certain = any(leak.kind in {"environment", "url"} for leak in leaks)
            where = f"what {change.store} is sent"
            yield Exposure(place="outbound call", where=where, pointer=pointer, leaks=leaks, certain=certain)
