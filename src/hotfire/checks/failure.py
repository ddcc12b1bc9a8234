"""failure: while a dependency fails, each step answers in time and truly, and it works again afterwards.

Each dependency is down for the whole request; its connections end between two requests; each call of the step meets a
reset, or the dependency's own error; one call is slow; nothing is answered, and, where that was survived, each call by
itself is not answered. Then the fault is gone and the same request is sent again, to the same process.

    no answer       none within the step's deadline=, or the connection was closed without one
    wrong 2xx       the service says that it is done, and it is not; or it answers something else than undisturbed
    partial state   a part of the step's work is there, and the request that comes after the fault does not complete it
    no recovery     the fault is gone, and the request still fails, or leaves what no whole requests leave
    not logged      a 5xx, and not one line of the log that an undisturbed run does not write too (where the line `logs`
                    is asked, it tells of that)

A well-formed 5xx in time is right. So is what the path declares: `degraded={"redis": 200}`. Notes: 500 where 503 tells
the client that it may try again (once for each dependency), a 4xx, which blames the client, and requests that fail on
the dead connections of a pool. A client without a time-out, a pool that does not mend itself, a handler that logs
nothing: each is told once for the path's steps. A file inside of the process is not behind a network: it only has
errors.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from hotfire.category import fix_of
from hotfire.causes import merged
from hotfire.defaults import defaults_of
from hotfire.equality import Different, Equal, NotComparable, Oracle
from hotfire.faults import Faults
from hotfire.loglines import Record, records_of, template
from hotfire.model.call import Exchange
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, Reply
from hotfire.model.judgement import Evidence, Finding, Judgement, Remark, Severity, Unknown
from hotfire.model.trial import Trial
from hotfire.perturbations import script
from hotfire.references import References, references_of
from hotfire.unjudged import is_made_always, left_at_work, not_reached, undisturbed_disagree, unknown

_HONEST = {408, 409, 423, 424, 425, 429}  # a 4xx that tells the client to come again
_LINES = 3  # of the log, shown with a finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The check of the line `failure`. `logs_asked`: what is not logged is told by the line `logs`."""

    line: ClassVar[str] = "failure"
    logs_asked: bool = False

    def beside(self, lines: Collection[str]) -> "Failure":
        """The same check where these lines are asked."""
        return replace(self, logs_asked="logs" in lines)

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """What takes no time first; of what waits, first one trial for each dependency."""
        faults = Faults(baseline=baseline, line=Failure.line)
        if references_of(baseline).disagree or not faults.calls:
            return
        if baseline.effects:
            yield faults.trial("in_sequence")  # what the request after the fault is judged against
        for dependency in faults.calls:
            yield from faults.at_once(dependency)
        for dependency in faults.calls:
            yield from faults.waiting(dependency)
            if _survived(judged, dependency):
                yield from faults.stalls(dependency)

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """What one trial proves."""
        if not history.reached or trial.perturbation == "in_sequence":
            return
        case = _Case(baseline=baseline, trial=trial, history=history, judged=judged, logs_asked=self.logs_asked)
        if reason := case.unknown():
            yield reason
            return
        said = list(case.pool() if trial.perturbation == "dead_pool" else case.fault())
        left = None if any(map(_blocks, said)) else case.at_work()
        yield from [left] if left else said

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """One blocker for each cause, one note for each dependency; and what could not be judged."""
        findings = [finding for each in sorted(judged, key=_occurrence) for finding in each.findings]
        yield from _of_all_steps(merged(list(filter(_blocks, findings))))
        notes = [finding for finding in findings if finding.severity == "note"]
        yield from {(note.category, note.columns): note for note in reversed(notes)}.values()
        yield from filter(None, (undisturbed_disagree(self.line, baseline) for baseline in baselines))
        yield from {(unknown.step, unknown.missing): unknown for each in judged for unknown in each.unknowns}.values()
        steps = {baseline.step.key: baseline for baseline in baselines}
        missed = (each.trial for each in judged if not each.history.reached)
        yield from (not_reached(self.line, trial) for trial in missed if is_made_always(steps[trial.step], trial))


_OF_ALL_STEPS = {"no answer": "replies", "no recovery": "replies", "not logged": "logs"}
"""Classes, and where they show, that are of how a dependency is used at all: by its client, its pool, its handler."""


def _of_all_steps(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A client without a time-out, a pool that does not mend itself: one cause, whichever step of the path meets it."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        shows = _OF_ALL_STEPS.get(finding.category)
        whose = () if shows and finding.evidence[0].pointer.startswith(shows) else (finding.step,)
        groups.setdefault((*whose, finding.category, *finding.columns), []).append(finding)
    for first, *others in groups.values():
        points = [f"{other.step}: {point}" for other in others for point in other.points]
        yield replace(first, points=(*first.points, *points))


# what to try


def _survived(judged: Sequence[Judged], dependency: str) -> bool:
    """Whether a stall of the whole dependency was answered in time."""
    return any(
        each.trial.perturbation == "stalled"
        and each.trial.arguments == {"dependency": dependency}
        and each.history.reached
        and not each.unknowns
        and not any(finding.category == "no answer" for finding in each.findings)
        for each in judged
    )


def _occurrence(judged: Judged) -> int:
    """A point that another process finds again for certain goes before one that counts what came before it."""
    occurrence = judged.trial.arguments.get("occurrence", 1)
    return occurrence if isinstance(occurrence, int) else 1


# what one trial proves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One trial before the judge."""

    baseline: Baseline
    trial: Trial
    history: History
    judged: Sequence[Judged]
    logs_asked: bool

    @property
    def references(self) -> References:
        return references_of(self.baseline)

    @property
    def dependency(self) -> str:
        return str(self.trial.arguments["dependency"])

    @property
    def first(self) -> Reply:
        """The answer to the request that met the fault."""
        return self.history.replies[0]

    @property
    def last(self) -> Reply:
        """The last answer, to a request that met none."""
        return self.history.replies[-1]

    @property
    def left(self) -> History:
        """The history as it was when the fault was gone."""
        left = self.history.meanwhile
        return self.history if left is None else replace(self.history, state=left)

    @property
    def kind(self) -> str:
        return self.baseline.kinds.get(self.dependency, "")

    @property
    def degraded(self) -> bool:
        """Whether the path declares this answer for this dependency."""
        return self.baseline.path.degraded.get(self.dependency, 0) == self.first.status

    def unknown(self) -> Unknown | None:
        """What keeps the trial from being judged."""
        if self.history.trouble or not self.history.replies:
            return self._unknown(
                self.history.trouble or "no request was sent", "see the log; run `hotfire check` again"
            )
        return None

    def at_work(self) -> Unknown | None:
        """What had not come to its end, so that the state may not be the last one."""
        left = left_at_work(self.baseline, self.history.unquiet)
        told = f"still at work at the deadline: {', '.join(left)}"
        return self._unknown(told, "give the step a longer deadline=") if left else None

    def _unknown(self, missing: str, fix: str) -> Unknown:
        return unknown(Failure.line, self.baseline, missing, fix, self.trial.id)

    # while the fault is there

    def fault(self) -> Iterator[Judgement]:
        """The answer to the request that met the fault; where nothing is wrong with it, what comes behind."""
        said = list(self._answer())
        yield from said
        if not any(isinstance(each, Unknown) or _blocks(each) for each in said):
            yield from self._recovery()

    def _answer(self) -> Iterator[Judgement]:
        first = self.first
        if first.status is None:
            yield self._no_answer(first)
        elif first.failed:
            yield from self._failed(first)
        elif self.degraded:
            yield Remark(text=f"answered {first.status}, as the path declares for {self.dependency}")
        elif first.succeeded:
            yield from self._true(first)
        elif first.status not in {*_HONEST, *self.references.statuses}:
            title = (
                f"answers {first.status} where {self.dependency} fails: that blames the client, who will not come again"
            )
            yield self._finding(
                "blames the client", title, f"answer 503 where {self.dependency} fails", severity="note"
            )

    def _no_answer(self, reply: Reply) -> Finding:
        defaults = defaults_of(self.kind)
        title = f"{reply.cut}, while {self.dependency} fails"
        return self._finding("no answer", title, f"{defaults.bounds}: {defaults.waits}", self._pointer(reply))

    def _failed(self, first: Reply) -> Iterator[Finding]:
        """A 5xx in time is right; somebody must be told of it."""
        if not self.logs_asked and not self._logged(first):
            title = f"answers {first.status} where {self.dependency} fails, and logs nothing"
            fix = "log the exception where it is caught (logger.exception), to standard error (Django: set LOGGING)"
            yield self._finding("not logged", title, fix, "logs")
        if first.status == 500:
            title = f"answers 500 where {self.dependency} fails: 503 tells the client that it may come again"
            fix = f"answer 503 with Retry-After where {self.dependency} fails, in one exception handler"
            yield self._finding("500 for 503", title, fix, severity="note")

    def _logged(self, first: Reply) -> bool:
        """Whether a line stands behind the answer that an undisturbed run does not write; access lines tell nothing."""
        usual = {template(record.text) for clean in self.baseline.clean for record in records_of(clean.logs)}
        records = self._records(first)
        return any(not record.access and template(record.text) not in usual for record in records)

    def _records(self, reply: Reply) -> tuple[Record, ...]:
        """The log from a request on to the next one."""
        later = [other.begun for other in self.history.replies if other.begun > reply.begun]
        until = min(later, default=float("inf"))
        return records_of(self.history.logs, reply.begun, until)

    def _true(self, first: Reply) -> Iterator[Judgement]:
        """A success: all that it says must be done, and a read must read what is there."""
        if self._late():
            return  # what comes of it is seen when the fault is gone: an outbox is emptied then
        match self.references.compare(self.left, [self.references.once]):
            case NotComparable(reason=reason, fix=fix):
                yield self._unknown(reason, fix)
            case Different() as different:
                text = "; ".join(each.text for each in different.differences[:2])
                yield self._finding("wrong 2xx", f"answers {first.status}, and {text}", self._declare(), "meanwhile")
            case Equal() if not self.baseline.effects and self.references.same_answer(self.left, first) is False:
                title = f"answers {first.status} with something else than undisturbed, where {self.dependency} fails"
                yield self._finding("wrong 2xx", title, self._declare())

    def _late(self) -> bool:
        """Whether the service was told of each failure behind its answer, which then says nothing of them."""
        of_it = [each for each in self.history.exchanges if each.call.point.dependency == self.dependency]
        failed = [each for each in of_it if each.outcome != "ok"]
        behind, ended = self.baseline.behind, self.first.ended
        return bool(failed) and all(each.call.point in behind or _told_at(each) > ended for each in failed)

    def _declare(self) -> str:
        """What to do about a success that is none."""
        meant = f"degraded={{{self.dependency!r}: {self.first.status}}}"
        return f"answer 503 where {self.dependency} fails, or declare {meant} if it is meant"

    # when the fault is gone

    def _recovery(self) -> Iterator[Judgement]:
        """The request that came after the fault, and what is left then."""
        last = self.last
        if last.failed:
            yield self._no_recovery(f"answered {last.status}" if last.status else last.cut)
            return
        if self.degraded:
            return  # what was left out then, the path has declared
        match self.references.compare(self.history, self._allowed()):
            case NotComparable(reason=reason, fix=fix):
                yield self._unknown(reason, fix)
            case Different() as different:
                yield self._different(different)
            case Equal():
                if isinstance(self.references.compare(self.left, self._whole()), Different):
                    yield Remark(text="a part was there after the fault; the next request completed it")

    def _whole(self) -> list[Oracle]:
        """The states that whole requests leave: one, none, or two."""
        twice = self.references.after(self._rests_on(), "sending it twice")
        return [self.references.once, self.references.before, *twice]

    def _allowed(self) -> list[Oracle]:
        """The same; but that nothing has happened only where the request is refused when it is sent twice."""
        once, before, *twice = self._whole()
        refused = [history.replies[-1].status for history in self._rests_on() if not history.replies[-1].succeeded]
        usual = not self.last.succeeded and self.last.status in self.references.statuses
        return [once, *twice, *([before] if usual or self.last.status in refused else [])]

    def _rests_on(self) -> list[History]:
        """The same request twice, undisturbed."""
        pairs = [each.history for each in self.judged if each.trial.perturbation == "in_sequence"]
        return [history for history in pairs if not history.trouble and history.replies]

    def _different(self, different: Different) -> Finding:
        """What is left is nothing that whole requests leave: by the fault, or by what came after it."""
        match self.references.compare(self.left, self._whole()):
            case Different() as part:
                category, fix_for = "partial state", part
            case _:
                category, fix_for = "no recovery", different
        doubled = next((each for each in fix_for.differences if each.agreeing), fix_for.differences[0])
        return self._finding(
            category,
            "; ".join(each.text for each in fix_for.differences[:2]),
            fix_of("partial state", doubled.table, doubled.agreeing, self.baseline.step.repeat),
            "meanwhile" if category == "partial state" else "state",
            columns=tuple(sorted({column for each in fix_for.differences for column in each.columns})),
        )

    def _no_recovery(self, how: str) -> Finding:
        title = f"{how} although {self.dependency} is well again"
        return self._finding("no recovery", title, defaults_of(self.kind).revives, self._pointer(self.last))

    # the pool

    def pool(self) -> Iterator[Judgement]:
        """Requests may meet the dead connections of a pool, one each; the last one must not."""
        later = self.history.replies[1:]
        failed = [reply for reply in later if reply.failed]
        if self._fails_anyway() or not failed:
            return
        hung = next((reply for reply in failed if reply.status is None), None)
        if hung:
            yield self._no_answer(hung)
        elif later[-1].failed:
            yield self._no_recovery(f"answered {later[-1].status} {len(later)} times")
        else:
            title = f"{len(failed)} × answered {failed[0].status} after {self.dependency} has ended its connections"
            yield self._finding("dead connections", title, defaults_of(self.kind).revives, severity="note")

    def _fails_anyway(self) -> bool:
        """Whether the request fails when it is sent twice, whatever the connections are like."""
        return any(reply.failed for history in self._rests_on() for reply in history.replies)

    # a finding

    def _told(self) -> list[str]:
        """What the log says of the request: each record's headline, and its exception."""
        records = [record for record in self._records(self.first) if not record.access]
        told = [(record.headline, record.failure.exception if record.failure else "") for record in records]
        return [text for pair in told for text in pair if text][-_LINES:]

    def _pointer(self, reply: Reply) -> str:
        return f"replies[{self.history.replies.index(reply)}]"

    def _finding(
        self,
        category: str,
        title: str,
        fix: str,
        pointer: str = "replies[0]",
        *,
        severity: Severity = "blocker",
        columns: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            line=Failure.line,
            severity=severity,
            path=self.baseline.path.name,
            step=self.baseline.step.key,
            category=category,
            title=title,
            points=(script(self.trial).perturbation.says(),),
            fix="\n".join((fix, *(f"log: {text}" for text in self._told() if severity == "blocker"))),
            columns=columns or (self.dependency,),
            evidence=(
                Evidence(trial=self.trial.id, pointer=pointer),
                *(Evidence(trial=history.trial, pointer="state") for history in self._rests_on()),
            ),
            trial=self.trial.id,
        )


def _told_at(exchange: Exchange) -> float:
    return exchange.ended if exchange.outcome == "error" else exchange.call.begun  # of a lost reply nobody is told


def _blocks(said: Judgement) -> bool:
    return isinstance(said, Finding) and said.severity == "blocker"
