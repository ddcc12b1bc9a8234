"""permissions: nobody does what only another may do; whom a step serves besides its own actor, a person has reviewed.

Each request of an actor who is known by something is sent again by every other actor of the critical path, by each peer
(`@sign_in(like=…)`: the same role, other data), by nobody, and with a broken credential. It is judged by which rows
changed and by what stands in the answer, never by the status alone. A form is filled in anew in the page that the other
is given, so that nothing passes for the sake of a CSRF token.

What contradicts the service itself is a blocker at once:

    another's object changed  a peer changes what the actor has, or adds to it where nobody may not, and at that very
                              moment may not even read it
    no credential needed      nobody changes what the actor has and a broken credential is refused, though a peer may
                              not, or nobody may not read it
    another's data shown      an answer to a peer shows an object whole that it may not read at that very moment; or it
                              is refused, and shown the same once the actor has read it: a cache forgets whose it is
    credential shown          a credential of the actor stands in an answer to somebody else

All else a person decides: `hotfire permissions` writes launch/permissions.toml, step by step who is allowed and who is
refused. What is refused needs no review; what is allowed is UNKNOWN until a person signs it with date and name, the
most suspicious first. From then on each deviation is a blocker:

    not as reviewed           allowed, and the reviewed table says refused; or the other way round

    [[permission]]
    path = "publish_article"
    step = "author PUT /api/posts/{id}"
    allowed = ["editor"]
    refused = ["nobody", "other_author"]
    reviewed = "2026-11-28 ann"

What nobody may do is allowed to everybody who is not named. What changes where nothing is done (a limit of requests, a
note of who was seen), and what counts rows that are new, is nobody's and no change of an object.

A step that names several things which its actor made is sent at a peer's, too: one of the values becomes the one that
stands there when the peer plays the path ("at other_author's body /order").

A page that nobody is shown just as the actor is, is public, and no question to anybody.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from hotfire.access import Access, Got, values_in
from hotfire.causes import merged
from hotfire.contradictions import contradictions, is_refused
from hotfire.editing.leaves import leaves
from hotfire.loglines.leaks import leaks_in
from hotfire.model.check import Judged, Named
from hotfire.model.declaration import NOBODY
from hotfire.model.edit import Edit
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Evidence, Finding, Judgement, Unknown
from hotfire.model.step import CriticalPath, Step
from hotfire.model.trial import Trial
from hotfire.permissions import FILE, Permission, Verb, find, parse
from hotfire.perturbations import script
from hotfire.proposals import got_by, in_order, is_allowed, rows_of, says, sender
from hotfire.unjudged import undisturbed_disagree, unknown

_SIGN = f'run `hotfire permissions`, read launch/{FILE}, and sign what is meant: reviewed = "YYYY-MM-DD name"'
_OR_SIGN = f"mend the service; or, if it is meant now, change launch/{FILE} and sign it anew"
_NEVER = "answer with what the asking actor may know: never a whole record, headers, or a session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The check of the line `permissions`; `table` is what launch/permissions.toml says."""

    line: ClassVar[str] = "permissions"
    reads: ClassVar[str] = FILE
    table: tuple[Permission, ...] = ()

    def given(self, files: Mapping[str, str]) -> "Permissions":
        """The check with the reviewed table.

        Raises:
            UsageError: it cannot be meant.
        """
        return replace(self, table=tuple(entry for name, text in files.items() for entry in parse(text, name)))

    def named(self) -> Iterator[Named]:
        """The steps that the table names, and the actors."""
        return (entry.named for entry in self.table)

    def asks(self, path: CriticalPath, baselines: Sequence[Baseline]) -> bool:
        """Whether somebody is known in it, or a person has said who may: where nobody signs in, all may do all."""
        known = not baselines or any(each.step.identified for each in baselines)
        return known or any(entry.path == path.name for entry in self.table)

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """The step by everybody else, and at a peer's objects, behind what that is judged against."""
        step = baseline.step
        if not step.identified or not _serves(baseline):
            return
        for who in _refused(baseline, judged) if step.safe else ():
            yield baseline.trial(self.line, "read_by", read=step.key, actor=who)
        yield baseline.trial(self.line, "by_nobody", broken=True)
        by_nobody = baseline.trial(self.line, "by_nobody")
        for read in _reads(baseline):
            for who in (*step.peers, *(() if step.safe else ("",))):
                yield baseline.trial(self.line, "read_by", read=read, actor=who)
        if is_first := step.safe or not Access(baseline).touched:  # an open door is known before a peer goes through it
            yield by_nobody
        for who in (*step.peers, *_others(baseline)):
            yield baseline.trial(self.line, "by_other", actor=who)
        for place in _shared_places(baseline):
            for peer in step.peers:
                yield baseline.trial(
                    self.line, "at_peers", peer=peer, part=place.part, place=place.place, occurrence=place.occurrence
                )
        if not is_first:
            yield by_nobody

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """What one sending by somebody else proves."""
        if not history.reached:  # a peer has the very same value there: nothing to try
            return
        case = _Case(baseline=baseline, trial=trial, history=history, judged=judged)
        if missing := case.missing():
            fix = f"look at it: hotfire show {trial.id}"
            fix += "; a peer must be able to play the path as it is written" if case.is_peer else ""
            yield unknown(self.line, baseline, missing, fix, trial.id)
            return
        yield from case.credentials()
        if (signed := self._signed(baseline, case.who)) and trial.perturbation != "read_by":
            yield from case.deviation(signed)
        elif self._signed(baseline, NOBODY) != "allowed":  # what nobody may do is allowed to everybody
            yield from case.contradictions()

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """One finding for each cause; what is allowed and not reviewed; whom nobody could stand in for."""
        yield from merged([finding for each in judged for finding in each.findings])
        yield from {(missed.step, missed.missing): missed for each in judged for missed in each.unknowns}.values()
        yield from filter(None, (undisturbed_disagree(self.line, each) for each in baselines if each.step.identified))
        told = [unreviewed for baseline in baselines if (unreviewed := self._unreviewed(baseline, judged))]
        yield from (unreviewed for _, unreviewed in sorted(told, key=lambda pair: pair[0]))
        yield from _without_peers(baselines)
        for baseline in baselines:
            yield from self._untried(baseline, {sender(each.trial) for each in judged if _is_of(each, baseline)})

    def _untried(self, baseline: Baseline, tried: Collection[str]) -> Iterator[Unknown]:
        """What the table says of somebody who was not there: a slip of the pen, or an actor that is gone."""
        for entry in find(self.table, baseline.path.name, baseline.step.key):
            if gone := [who for who in (*entry.allowed, *entry.refused) if who not in tried]:
                missing = f"{entry.place} says what {', '.join(gone)} may do, and nobody of that name was there to try"
                there = f"write one of {', '.join(sorted(tried))}" if tried else "take it out: the step is open to all"
                yield unknown(Permissions.line, baseline, missing, there)

    def _unreviewed(self, baseline: Baseline, judged: Sequence[Judged]) -> tuple[int, Unknown] | None:
        """What a step allows and nobody has signed, with how suspicious it is; findings tell of what was found."""
        here = [each for each in judged if _is_of(each, baseline)]
        found = {point for each in here for finding in each.findings for point in finding.points}
        rows = [
            row
            for row in rows_of(baseline, here)
            if row.allowed and row.point not in found and not self._signed(baseline, row.who)
        ]
        if not rows:
            return None
        rows.sort(key=lambda row: row.suspicion)
        missing = f"not reviewed: {'; '.join(row.says for row in rows)}"
        return rows[0].suspicion, unknown(Permissions.line, baseline, missing, _SIGN)

    def _signed(self, baseline: Baseline, who: str) -> Verb | None:
        """What a person has signed of somebody at a step, if anything."""
        entries = find(self.table, baseline.path.name, baseline.step.key)
        return next((verb for entry in entries if entry.reviewed and (verb := entry.says(who))), None)


# what to try


def _serves(baseline: Baseline) -> bool:
    """Whether the step's own actor is served: of what is refused to it, nothing is left to refuse."""
    return all(clean.replies and clean.replies[0].succeeded for clean in baseline.clean)


def _others(baseline: Baseline) -> Iterator[str]:
    """The actors of the path in other roles; one that is never known by anything is nobody."""
    step = baseline.step
    known = {each.actor for each in baseline.steps if each.identified}
    return (who for who in baseline.path.actors if who in known and who not in {step.actor, *step.peers, NOBODY})


def _shared_places(baseline: Baseline) -> Iterator[Edit]:
    """Where a request names what its actor made, if at several places: else a peer's sending of it shows the same."""
    ids, request = Access(baseline).own_ids, baseline.request
    places = [leaf for leaf in leaves(request) if leaf.value.strip('"') in ids] if request else []
    yield from places if len({place.value for place in places}) > 1 else ()


def _reads(baseline: Baseline) -> Iterator[str]:
    """Steps of the same actor that read the very object: of a write the one above it, of a list one that it shows."""
    step, shown = baseline.step, set(values_in(baseline.clean[0].replies[0].body))
    for read in baseline.steps:
        if read.actor != step.actor or not read.safe or read.key == step.key or "{" not in read.route:
            continue
        names = set(values_in(read.target.rpartition("/")[2]))
        shows = read.route.endswith("}") and bool(shown & names)
        if shows if step.safe else _is_above(read, step):
            yield read.key


def _is_above(read: Step, write: Step) -> bool:
    """Whether a read is of what a write is about: the same URL, or an object that the write's URL goes on from."""
    one, other = (each.target.partition("?")[0].rstrip("/") for each in (read, write))
    return one == other or (read.route.endswith("}") and other.startswith(f"{one}/"))


def _refused(baseline: Baseline, judged: Sequence[Judged]) -> Iterator[str]:
    """Peers, and nobody (""), who were refused at a step that they sent by themselves."""
    for each in judged:
        if is_refused(baseline, each, judged) and not each.trial.arguments.get("broken"):
            yield str(each.trial.arguments.get("actor", ""))


# what one trial proves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One trial before the judge."""

    baseline: Baseline
    trial: Trial
    history: History
    judged: Sequence[Judged]

    @property
    def who(self) -> str:
        """Whom the table knows the sender as."""
        return sender(self.trial)

    @property
    def is_peer(self) -> bool:
        return self.who in self.baseline.step.peers

    def missing(self) -> str:
        """What keeps the trial from being judged."""
        if self.history.trouble:
            return self.history.trouble
        cut = next((reply.cut for reply in self.history.replies if reply.status is None), "")
        return f"{script(self.trial).perturbation.says()}, it got no answer: {cut}" if cut else ""

    def got(self) -> Got:
        """What the sender got."""
        access = Access(self.baseline, self.judged)
        return got_by(access, Judged(trial=self.trial, history=self.history))

    def credentials(self) -> Iterator[Finding]:
        """The step's actor's own credentials in an answer to somebody else, who has not sent them."""
        actor, request = self.baseline.step.actor, self.baseline.request
        sent = f"{request.target} {request.body}" if request else self.baseline.step.target
        for index, reply in enumerate(self.history.replies):
            texts = [reply.body, *(value for _, value in reply.headers)] if reply.actor != actor else []
            leaks = [leak for text in texts for leak in leaks_in(text)]
            own = [leak for leak in leaks if leak.owner == actor and leak.kind in {"token", "earned", "password"}]
            own = [leak for leak in own if f"‹{leak.kind}:{leak.owner}" not in sent]
            if own:
                title = f"{own[0].says} stands in an answer to {reply.actor}: {own[0].excerpt}"
                yield self._finding("credential shown", title, _NEVER, (), f"replies[{index}]")

    def deviation(self, said: Verb) -> Iterator[Finding]:
        """What a person has reviewed, and is otherwise now."""
        got, step = self.got(), self.baseline.step
        if said == "refused" and is_allowed(got, self.who, step):
            title = f"{says(got, self.who, step)}; the reviewed table says: refused"
            yield self._finding("not as reviewed", title, _OR_SIGN, got.columns, "replies[0]")
        elif said == "allowed" and got.degree == "refused":
            title = f"{self.who} is refused ({self.history.replies[0].status}); the reviewed table says: allowed"
            yield self._finding("not as reviewed", title, _OR_SIGN, (), "replies[0]")

    def contradictions(self) -> Iterator[Finding]:
        """What the service itself says no to, elsewhere at the very same moment."""
        asked = Judged(trial=self.trial, history=self.history)
        for each in contradictions(self.baseline, asked, self.judged):
            yield self._finding(each.category, each.title, each.fix, each.columns, each.pointer, each.resting_on)

    def _finding(
        self,
        category: str,
        title: str,
        fix: str,
        columns: tuple[str, ...],
        pointer: str,
        resting_on: Sequence[Judged] = (),
    ) -> Finding:
        return Finding(
            line=Permissions.line,
            severity="blocker",
            path=self.baseline.path.name,
            step=self.baseline.step.key,
            category=category,
            title=title,
            points=(script(self.trial).perturbation.says(),),
            fix=fix,
            columns=columns,
            evidence=(
                Evidence(trial=self.trial.id, pointer=pointer),
                *(Evidence(trial=each.trial.id, pointer="replies[0]") for each in resting_on),
            ),
            trial=self.trial.id,
        )


# what they prove together


def _is_of(each: Judged, baseline: Baseline) -> bool:
    return each.trial.step == baseline.step.key


def _without_peers(baselines: Sequence[Baseline]) -> Iterator[Unknown]:
    """Of each actor without a peer that comes back to what it made: nobody of its role was there to try that."""
    told = set[str]()
    for baseline in in_order(baselines):
        step = baseline.step
        if step.signed_in and not step.peers and step.actor not in told and Access(baseline).names_own:
            told.add(step.actor)
            missing = f"nobody of {step.actor}'s role was there to try what {step.actor} made"
            fix = f'declare a peer: @sign_in(like="{step.actor}") def other_{step.actor}(nobody): …, who has other data'
            yield unknown(Permissions.line, baseline, missing, fix)
