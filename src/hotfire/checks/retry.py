"""retry: every step is safe to send again.

Each step is stopped half-way at every effect, then sent again; its call or its reply is lost with the process alive; it
is sent twice, one after the other and at once; two of the same role do it at once; the client goes away; the service is
told to end. What must hold: the state is that of one undisturbed run (with `repeat="each"`, of one or two), each answer
to a retry comes and is no 5xx, and nothing changes where the service said no.

    partial state               a part of the step's work is there, the rest never comes
    duplicate                   something is there twice
    lost                        the client was told that it is done, and it is not
    race                        two at once leave what no order of the two leaves, or one of them is answered 5xx
    5xx on retry                the retry fails, or never ends
    effect on a refused request the service said no, and changed something all the same

Points are effects, since a crash anywhere between two of them leaves the same state: e effects in order give e + 1
kills and 2e lost messages. A safe method (RFC 9110 section 9.2.1) that changes rows is a note, and a blocker only
where it leaves what no number of whole requests leaves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from hotfire.category import category_of, fix_of
from hotfire.causes import merged
from hotfire.equality import Different, Equal, NotComparable, Oracle
from hotfire.model.call import Point
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, Reply
from hotfire.model.judgement import Evidence, Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Scalar, Trial
from hotfire.perturbations import script
from hotfire.references import References, references_of

_PROOF = 20  # of so many trials with an equal state, one is played to the path's end as proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The check of the line `retry`."""

    line: ClassVar[str] = "retry"

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """First what others are judged against, then the points, then what the answers ask for."""
        if _unjudgeable(baseline):
            return
        yield from _sequences(baseline)
        if not baseline.effects:
            return
        for trial in _points(baseline, judged):
            yield replace(trial, rest=int(trial.id, 16) % _PROOF == 0)
        for each in judged:
            if any(remark.rest for remark in each.remarks):
                yield replace(each.trial, rest=True)

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """What one trial proves."""
        if not history.reached:
            return
        case = _Case(baseline=baseline, trial=trial, history=history, judged=judged)
        if reason := case.unknown():
            yield reason
            return
        yield from case.answers()
        yield from case.state()

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """One finding for each cause; a note for each safe method that writes; what could not be judged."""
        yield from merged([finding for each in judged for finding in each.findings])
        for baseline in baselines:
            if unknown := _unjudgeable(baseline):
                yield unknown
            elif note := _writing_read(baseline):
                yield note
        yield from {(unknown.step, unknown.missing): unknown for each in judged for unknown in each.unknowns}.values()
        yield from _not_reached(judged)


# what to try


def _trial(baseline: Baseline, kind: str, **arguments: Scalar) -> Trial:
    return Trial(
        path=baseline.path.name,
        step=baseline.step.key,
        check=Retry.line,
        perturbation=kind,
        arguments=arguments,
        seed=baseline.seed,
    )


def _at(baseline: Baseline, kind: str, point: Point, **arguments: Scalar) -> Trial:
    where: dict[str, Scalar] = {
        "dependency": point.dependency,
        "signature": point.signature,
        "occurrence": point.occurrence,
    }
    return _trial(baseline, kind, **(where | arguments))


def _sequences(baseline: Baseline) -> Iterator[Trial]:
    """Twice in sequence, and by two of the same role in either order: races are judged against these."""
    yield _trial(baseline, "in_sequence")
    if peer := _peer(baseline):
        yield _trial(baseline, "in_sequence", peer=peer)
        yield _trial(baseline, "in_sequence", peer=peer, peer_first=True)


def _peer(baseline: Baseline) -> str:
    return baseline.step.peers[0] if baseline.step.peers and baseline.effects else ""


def _points(baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
    effects = baseline.effects
    answered = False
    for index, effect in enumerate(effects):
        if index == 0 or effect.answered != answered:  # between two effects before the answer, a kill is the same
            yield _at(baseline, "kill", effect.point, when="before")
        yield _at(baseline, "kill", effect.point, when="after")
        yield _at(baseline, "lost_call", effect.point)
        yield _at(baseline, "lost_reply", effect.point)
        answered = effect.answered
    yield from _races(baseline)
    yield _at(baseline, "terminated", effects[0].point)
    for effect in effects if _cancels(baseline, judged) else effects[:1]:
        yield _at(baseline, "client_gone", effect.point)
        yield _at(baseline, "client_gone", effect.point, again=True)


def _races(baseline: Baseline) -> Iterator[Trial]:
    writes = dict.fromkeys(effect.first_write for effect in baseline.effects if not effect.answered)
    for point in writes:
        yield _at(baseline, "at_once", point, processes=baseline.processes)
        if peer := _peer(baseline):
            yield _at(baseline, "at_once", point, peer=peer, processes=baseline.processes)


def _cancels(baseline: Baseline, judged: Sequence[Judged]) -> bool:
    """Whether the runtime cancels a request whose client has gone: then each effect is a point of its own."""
    gone = [each.history for each in judged if each.trial.perturbation == "client_gone" and each.history.reached]
    return any(len(history.effects) < len(baseline.effects) for history in gone)


# what is known before any trial


def _unjudgeable(baseline: Baseline) -> Unknown | None:
    """The undisturbed runs themselves do not agree: nothing can be compared with them."""
    statuses = references_of(baseline).statuses
    if len(statuses) > 1:
        told = " or ".join(map(str, statuses))
        return _unknown(
            baseline,
            f"undisturbed, the step is answered {told}: first in the process that went on, then in fresh ones",
            "look for what a new process does not have: sessions in memory, a secret made at start-up",
        )
    trouble = references_of(baseline).once.trouble
    return _unknown(baseline, trouble.reason, trouble.fix) if trouble else None


def _unknown(baseline: Baseline, missing: str, fix: str, trial: str = "") -> Unknown:
    name, step = baseline.path.name, baseline.step.key
    return Unknown(line=Retry.line, path=name, step=step, missing=missing, fix=fix, trial=trial)


def _writing_read(baseline: Baseline) -> Finding | None:
    if not baseline.step.safe or not baseline.effects:
        return None
    writes = sorted({write for effect in baseline.effects for write in effect.writes})
    return Finding(
        line=Retry.line,
        severity="note",
        path=baseline.path.name,
        step=baseline.step.key,
        category="safe method writes",
        title=f"{baseline.step.method} changes rows ({', '.join(writes)})",
        points=(),
        fix="caches, prefetching and crawlers repeat it: count elsewhere, or accept it",
        columns=tuple(sorted({write.split(" ", 1)[1] for write in writes})),
        evidence=(),
        trial="",
    )


# what one trial proves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One trial before the judge."""

    baseline: Baseline
    trial: Trial
    history: History
    judged: Sequence[Judged]

    @property
    def references(self) -> References:
        return references_of(self.baseline)

    @property
    def own(self) -> Reply | None:
        """The answer that the step's own client was left with."""
        return next((reply for reply in reversed(self.history.replies) if reply.send == 0), None)

    @property
    def kind(self) -> str:
        return self.trial.perturbation

    @property
    def repeats(self) -> bool:
        """Whether the step may happen again when it is sent again."""
        return self.baseline.step.repeat == "each" or self.baseline.step.safe

    @property
    def peer(self) -> Scalar:
        return self.trial.arguments.get("peer", "")

    def unknown(self) -> Unknown | None:
        """What keeps the trial from being judged."""
        if self.history.trouble:
            return self._unknown(self.history.trouble, "see the run's log; run `hotfire check` again")
        known = {name for clean in self.baseline.clean for name in clean.unquiet}
        if left := [name for name in self.history.unquiet if name not in known]:
            return self._unknown(
                f"still at work at the deadline: {', '.join(left)}", "give the step a longer deadline="
            )
        if self.kind == "at_once" and not self._rests_on():
            return self._unknown("the two in sequence could not be seen", "see the trials in_sequence of this step")
        return None

    def _unknown(self, missing: str, fix: str) -> Unknown:
        return _unknown(self.baseline, missing, fix, self.trial.id)

    # the answers

    def answers(self) -> Iterator[Judgement]:
        """A 5xx, a cut or no answer, in answer to a retry, a duplicate or a race."""
        if self.kind == "in_sequence" and self.peer:
            return  # not a retry: only what two at once are judged against
        failed = next((reply for reply in self.history.replies if reply.failed and self._is_retry(reply)), None)
        if failed is None or (self.kind == "at_once" and self._fails_in_sequence()):
            return  # what fails one after the other is no race
        who = {"at_once": "one of two requests at once", "in_sequence": "the same request again"}
        yield self._finding(
            "race" if self.kind == "at_once" else "5xx on retry",
            f"{who.get(self.kind, 'the retry')} is answered {failed.status or failed.cut}",
            (),
            "answer a retry as the first time, or with a conflict (409): catch what the repeated work raises",
            f"replies[{self.history.replies.index(failed)}]",
        )

    def _is_retry(self, reply: Reply) -> bool:
        return reply.attempt > 1 or reply.send > 0 or self.kind == "at_once"

    def _fails_in_sequence(self) -> bool:
        return any(reply.failed for history in self._rests_on() for reply in history.replies)

    def _rests_on(self) -> list[History]:
        """The same two sendings in sequence: what a race, and a step that may happen again, are judged against."""
        return [
            each.history
            for each in self.judged
            if (self.kind == "at_once" or self.repeats)
            and each.trial.perturbation == "in_sequence"
            and each.trial.arguments.get("peer", "") == self.peer
            and not each.history.trouble
        ]

    # the state

    def state(self) -> Iterator[Judgement]:
        """Judge the state: it must be one that undisturbed requests leave."""
        allowed = self._allowed()
        if not allowed:
            return
        match self.references.compare(self.history, allowed):
            case NotComparable(reason=reason, fix=fix):
                yield self._unknown(reason, fix)
            case Different() as different:
                yield self._different(different)
            case Equal():
                yield from self._equal()

    def _allowed(self) -> list[Oracle]:
        """The states in which this trial may end; none: it is only a reference for others."""
        if self.kind == "in_sequence":
            return [] if self.peer or self.repeats else [self.references.once]
        if self.kind == "at_once":
            return self.references.after(self._rests_on(), "one after the other")
        allowed = [self.references.once, *self.references.after(self._rests_on(), "sending it twice")]
        if self._may_be_undone(self.own):
            allowed.append(self.references.before)
        return allowed

    def _may_be_undone(self, own: Reply | None) -> bool:
        """Whether nothing at all may have happened: a read, a client that went away, one told no, or nothing yet."""
        if own is None or own.failed or self.baseline.step.safe:
            return True
        return own.attempt == 1 and (self.kind == "client_gone" or not own.succeeded)

    def _equal(self) -> Iterator[Judgement]:
        """The state is right: look at the answer, and at the rest."""
        own = self.own
        if self.trial.rest and self.history.final is not None and self.kind not in {"at_once", "in_sequence"}:
            yield from self._to_the_end()
        if own is None or own.failed or self.kind in {"at_once", "client_gone"}:
            return
        if not own.succeeded:
            yield self._refused(own)
        elif not self.trial.rest and self.references.same_answer(self.history, own) is not True and self._plays_on():
            yield Remark(text=f"the state is right, the answer {own.status} another one", rest=True)

    def _refused(self, own: Reply) -> Judgement:
        """A refusal of what is right: a note, but for a first answer that nothing in the database speaks for."""
        conflict = own.status == 409 or any(exchange.outcome == "error" for exchange in self.history.exchanges)
        refused = any(status is None or status >= 400 for status in self.references.statuses)
        undone = isinstance(self.references.compare(self.history, [self.references.before]), Equal)
        if own.attempt > 1 or conflict or refused or undone:
            return Remark(
                text=f"the {'retry' if own.attempt > 1 else 'request'} is answered {own.status}; the state is right"
            )
        title, fix = f"answered {own.status}, and done all the same", "answer no only where nothing was done"
        return self._finding("effect on a refused request", title, (), fix, "replies[0]")

    def _plays_on(self) -> bool:
        return self.baseline.step != self.baseline.steps[-1] and self.baseline.step.repeat == "once"

    def _to_the_end(self) -> Iterator[Judgement]:
        """The path was played to its end with the trial's answer in hand."""
        if self.own is None or not self.own.succeeded or self.repeats:
            return
        final = replace(self.history, state=self.history.final or ())
        match self.references.compare(final, [self.references.end]):
            case Different() as different:
                yield self._different(different, final)
            case NotComparable(reason=reason, fix=fix):
                yield self._unknown(reason, fix)
            case Equal() if self.history.mistake:
                title = f"with the answer {self.own.status} the path cannot go on: {self.history.mistake}"
                yield self._finding("lost", title, (), "answer a retry with what the first answer tells", "mistake")
            case Equal():
                yield Remark(text="played to the end: the rest is equal too")

    def _different(self, different: Different, history: History | None = None) -> Finding:
        shown = history or self.history
        clean = self.baseline.clean[-1]
        expected = clean.state if history is None else clean.final or ()
        if self.kind == "at_once":
            expected = self._rests_on()[0].state
        category = "race" if self.kind == "at_once" else category_of(self.own, shown.state, expected)
        columns = tuple(sorted({column for each in different.differences for column in each.columns}))
        doubled = next((each for each in different.differences if each.agreeing), different.differences[0])
        return self._finding(
            category,
            "; ".join(each.text for each in different.differences[:2]),
            columns,
            fix_of(category, doubled.table, doubled.agreeing, self.baseline.step.repeat),
            "state",
        )

    def _finding(self, category: str, title: str, columns: tuple[str, ...], fix: str, pointer: str) -> Finding:
        return Finding(
            line=Retry.line,
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
                *(Evidence(trial=history.trial, pointer="state") for history in self._rests_on()),
            ),
            trial=self.trial.id,
        )


# what they prove together


def _not_reached(judged: Iterable[Judged]) -> Iterator[Unknown]:
    """A point that is not reached again is told, and never passed."""
    for each in judged:
        if not each.history.reached:
            says = script(each.trial).perturbation.says()
            yield Unknown(
                line=Retry.line,
                path=each.trial.path,
                step=each.trial.step,
                missing=f"not reached again: {says}",
                fix="let the step make the same calls each time; caches filled by earlier requests are a reason",
                trial=each.trial.id,
            )
