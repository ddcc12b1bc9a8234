"""Contradictions: what a service lets somebody do, and says no to elsewhere at the very same moment.

Where nobody may add to what an actor made, or is shown it, the door is open to all: who it is for, a person says. And
where a wrong credential is as good as none, nobody is asked for one.

A refusal is 401, 403, 404, or a redirect in place of a page. A service that is busy, broken, or has nothing left to
show (429, 5xx, 410), says nothing of who may.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotfire.access import Access, Degree, Got, made_up_in, values_in
from hotfire.equality import Equal
from hotfire.model.check import Judged
from hotfire.model.declaration import NOBODY
from hotfire.model.history import Baseline, Reply
from hotfire.permissions import BROKEN
from hotfire.proposals import got_by, says, sender
from hotfire.references import references_of

_ASK = "ask in the query itself for the actor's own rows (WHERE … AND owner_id = the actor's), as the read does"
_WHOSE = "let the cache's key name whose answer it is, or ask whose it is before the cache is read"
_FIRST = "refuse a request without a credential (401) before anything is done, as one with a broken credential is"
_NO_WORDS = re.compile(r"[^a-zA-Z]*|\d{4}-\d\d-\d\d\b.*|/.*|https?://.*", re.DOTALL)  # numbers, moments and links


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """What a finding says; `resting_on` are the other trials that were judged with it."""

    category: str
    title: str
    fix: str
    columns: tuple[str, ...] = ()
    pointer: str = "state"
    resting_on: tuple[Judged, ...] = ()


def contradictions(baseline: Baseline, one: Judged, judged: Sequence[Judged]) -> Iterator[Contradiction]:
    """What a trial contradicts of those that were judged before it at this step."""
    case = _Case(baseline=baseline, one=one, judged=judged)
    if one.trial.perturbation == "read_by":
        yield from case.remembered() if one.trial.arguments["read"] == baseline.step.key else ()
    elif case.who in baseline.step.peers:
        yield from [*case.unread()] or case.shown_whole()
    elif case.who == NOBODY and case.got().degree == "changed":
        yield from case.needless()


def is_refused(baseline: Baseline, each: Judged, judged: Sequence[Judged]) -> bool:
    """Whether a sending by somebody else got nothing, and was told so: what fails, or is too much, is no refusal."""
    if each.trial.perturbation not in {"by_other", "by_nobody"} or each.history.trouble:
        return False
    reply = each.history.replies[-1]
    told = _is_refusal(reply) or (reply.status is not None and reply.status < 300)  # a form that comes back
    return told and Access(baseline, judged).got(each.history).degree == "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One trial, and those before it."""

    baseline: Baseline
    one: Judged
    judged: Sequence[Judged]

    @property
    def who(self) -> str:
        return sender(self.one.trial)

    def got(self) -> Got:
        return got_by(Access(self.baseline, self.judged), self.one)

    def unread(self) -> Iterator[Contradiction]:
        """A peer's write that is accepted, of an object whose read is refused to it."""
        got, refused = self.got(), self._refused_reads(self.who)
        changed = got.degree == "changed"
        added = got.degree == "attached" and self._is_the_same() and self._degree_of_nobody() != "attached"
        if refused and (changed or added) and not self.baseline.step.safe:
            title = f"{says(got, self.who, self.baseline.step)}, and may not read it: {_read_says(refused[0])}"
            yield Contradiction(
                category="another's object changed",
                title=title,
                fix=_ASK,
                columns=got.columns,
                resting_on=tuple(refused[:1]),
            )

    def shown_whole(self) -> Iterator[Contradiction]:
        """An answer to a peer with all that an object holds whose read is refused to it."""
        answers = [each.history.replies[-1] for each in self._by_nobody()]
        for read in self._refused_reads(self.who):
            detail = read.history.replies[1]
            if self._holds(self.one.history.replies[-1], detail) and not any(
                self._holds(answer, detail) for answer in answers
            ):
                title = f"{self.who} is shown what {self.baseline.step.actor} has, and may not read: {_read_says(read)}"
                yield Contradiction(
                    category="another's data shown", title=title, fix=_ASK, pointer="replies[0]", resting_on=(read,)
                )
                return

    def remembered(self) -> Iterator[Contradiction]:
        """Who is refused, and is shown the answer once the step's actor has had it."""
        replies, actor = self.one.history.replies, self.baseline.step.actor
        refused = self._refusing(self.who)
        if len(replies) > 1 and replies[0].succeeded and refused and self.got().degree in {"shown", "same"}:
            title = f"{self.who} is refused, and shown what {actor} has once {actor} has read it"
            yield Contradiction(
                category="another's data shown",
                title=title,
                fix=_WHOSE,
                pointer="replies[1]",
                resting_on=tuple(refused[:1]),
            )

    def needless(self) -> Iterator[Contradiction]:
        """A write by nobody, where one who is known is refused, or where nobody may not even read."""
        refused = [each for peer in self.baseline.step.peers for each in self._refusing(peer)]
        reads, broken = self._refused_reads(NOBODY), self._refusing(BROKEN)
        if not broken or not (refused or reads):  # where a wrong credential is as good as none, anybody is welcome
            return
        got, why = self.got(), f"{sender(refused[0].trial)} is refused" if refused else _read_says(reads[0])
        yield Contradiction(
            category="no credential needed",
            title=f"{says(got, NOBODY, self.baseline.step)}, without any credential; {why}",
            fix=_FIRST,
            columns=got.columns,
            resting_on=(*(refused[:1] or reads[:1]), *broken[:1]),
        )

    def _is_the_same(self) -> bool:
        """Whether it left just what the actor itself leaves: who joins a group by an open door leaves its own name."""
        references = references_of(self.baseline)
        return isinstance(references.compare(self.one.history, [references.once]), Equal)

    def _holds(self, answer: Reply, detail: Reply) -> bool:
        """Whether an answer has all that a page says in words, more than was asked: a list may well tell titles.

        Of a page that is no JSON, what is its object's own is not known: it must have several values that were made up.
        """
        access = Access(self.baseline)
        canaries = made_up_in(detail.body) & access.own_values
        if not canaries <= set(values_in(answer.body)) or canaries <= access.asked:
            return False
        words, shown = _words(detail.body), _words(answer.body)
        if words is None:
            return len(canaries) > 1
        text = html.unescape(answer.body) if shown is None else "\n".join(shown)
        return all(word in text for word in words)

    def _degree_of_nobody(self) -> Degree | None:
        access = Access(self.baseline, self.judged)
        return next((got_by(access, each).degree for each in self._by_nobody()), None)

    def _by_nobody(self) -> list[Judged]:
        asked = [each for each in self.judged if each.trial.perturbation == "by_nobody" and not each.history.trouble]
        return [each for each in asked if sender(each.trial) == NOBODY]

    def _refusing(self, who: str) -> list[Judged]:
        """The trial in which this sender was refused."""
        mine = (each for each in self.judged if sender(each.trial) == who)
        return [each for each in mine if is_refused(self.baseline, each, self.judged)]

    def _refused_reads(self, who: str) -> list[Judged]:
        """Reads at this moment that this one is refused, and the step's actor is served right after it."""
        return [
            each
            for each in self.judged
            if each.trial.perturbation == "read_by" and sender(each.trial) == who and not each.history.trouble
            if each.trial.arguments["read"] != self.baseline.step.key
            if [_serves(reply) for reply in each.history.replies] == [False, True]
        ]


def _is_refusal(reply: Reply) -> bool:
    """Whether an answer says no to who asks."""
    status = reply.status or 0
    return status in {401, 403, 404} or (300 <= status < 400 and status != 304)  # to where one signs in


def _serves(read: Reply) -> bool | None:
    """Whether an answer shows what was asked for; None where it neither does nor says no."""
    return True if 200 <= (read.status or 0) < 300 else False if _is_refusal(read) else None


def _read_says(read: Judged) -> str:
    who = sender(read.trial)
    named = str(read.trial.arguments["read"]).split(" ", 1)[1].removesuffix(" #1")
    return f"{named} by {who} at this moment is answered {read.history.replies[0].status}"


def _words(body: str) -> list[str] | None:
    """The texts in a JSON body that say something; None where it is none."""
    try:
        return [text for text in _texts(json.loads(body)) if not _NO_WORDS.fullmatch(text)]
    except (ValueError, RecursionError):
        return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _texts(member)
