"""logs: each failure leaves a line that leads to it, and no line or answer holds a secret.

It watches every trial of every line, and the undisturbed runs. What must hold for a request that failed (answered 5xx,
cut by the service, or not answered in time): there is an error line (ERROR, CRITICAL, or a traceback) that names its
path or route, or an id that the answer shows; of a traceback it is enough that the server's access line names the
request. A request whose process was killed or ended by the trial has nobody who could log it. Where no request failed,
and no call of the service was made to fail, nothing is known of this: that is UNKNOWN. Of a path's undo, only the
secrets in its lines and answers are looked for.

    nothing logged                nobody who looks for errors will ever know
    does not lead to the request  something is logged, and nothing says which request it was (a note with a traceback
                                  or an access line beside it: few requests at a time, and it can still be found)
    logged below error            a 500 or a cut is logged as a warning: a note
    logged more than once         one failure, several tracebacks: a note
    secret in the log             a token, a password, or a connection URL with its password stands in a line
    secret in an answer           another actor's token or password, or the service's own, stands in an answer
    secret in a mail              a password that an actor typed, or one of the service's, stands in a mail
    secret in an outbound call    a token or a password stands in what a partner is sent: a note, since it may be the
                                  one who checks it; a blocker if it is the password of a connection URL

Secrets are those that hotfire itself sent or set: what sign-ins earned, what was typed as a password, what the
configuration gives to the service (DESIGN §7), and the tokens that an answer of the trial issues. A 5xx other than 500
may be logged as a warning: the service meant it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from hotfire.faults import Faults
from hotfire.loglines import Record, Request, leads, names_request, records_of, template
from hotfire.loglines.exposures import Place, exposures_of
from hotfire.loglines.frames import own_frames
from hotfire.model.check import ALL, Judged
from hotfire.model.history import Baseline, History, Reply
from hotfire.model.judgement import Evidence, Finding, Judgement, Remark, Severity, Unknown
from hotfire.model.step import Step
from hotfire.model.trial import Trial
from hotfire.perturbations import fails, script
from hotfire.unions import joined
from hotfire.unjudged import unknown

_NO_ANSWER = "no answer in"
_REFUSED = "the service refused"
_SHOWN = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """The check of the line `logs`."""

    line: ClassVar[str] = "logs"
    watches: ClassVar[str] = ALL

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """Nothing of its own: the other lines make the failures."""
        del baseline, judged
        yield from ()

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """What the service wrote and answered in one trial."""
        del judged
        case = _Case(baseline=baseline, trial=trial, history=history)
        yield from case.exposures()
        if not history.trouble:
            for reply in case.failed():
                yield from case.failure(reply)

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """One finding for each cause; unknown where no failure was made to look at."""
        yield from _merged([finding for each in judged for finding in each.findings])
        yield from {(unknown.step, unknown.missing): unknown for each in judged for unknown in each.unknowns}.values()
        if untested := _untested(baselines, judged):
            missing = "no request failed, and no call of the service was made to fail: only secrets were looked for"
            fix = 'adopt a line that makes failures, too: lines = ["failure", "logs"]'
            yield unknown(Logs.line, untested, missing, fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One trial before the judge."""

    baseline: Baseline
    trial: Trial
    history: History

    def exposures(self) -> Iterator[Finding]:
        """Each place in which a secret stands."""
        for exposure in exposures_of(self.history, self.baseline.step):
            yield self._finding(
                f"secret in {_ARTICLES[exposure.place]} {exposure.place}",
                exposure.says(),
                _REDACT[exposure.place],
                exposure.pointer,
                severity="blocker" if exposure.certain else "note",
                columns=exposure.secrets,
            )

    # failures

    def failed(self) -> Iterator[Reply]:
        """The requests that failed by the service's own doing."""
        sends = script(self.trial).requests(self.baseline.step)
        for reply in self.history.replies:
            ended_by_us = reply.status is None and reply.attempt == 1 and bool(self.history.exits)
            gone = reply.attempt == 1 and reply.send < len(sends) and sends[reply.send].hang_up
            if reply.failed and not ended_by_us and not gone and not reply.cut.startswith(_REFUSED):
                yield reply

    def failure(self, reply: Reply) -> Iterator[Judgement]:
        """What the log says of a request that failed."""
        records = self._records(reply)
        request = Request.of(self._sent(reply), reply)
        errors = [record for record in records if record.is_error] or list(self._unmarked(records))
        warnings = [record for record in records if record.level == "WARNING" and leads(record, request, records)]
        if any(leads(record, request, records) for record in errors):
            yield from self._repeated(reply, errors)
        elif warnings:
            yield from self._as_warning(reply, warnings)
        elif reply.cut.startswith(_NO_ANSWER) and self.history.unquiet:
            yield self._still_at_work(reply)
        elif errors:
            yield self._unattributed(reply, request, records, errors)
            yield from self._repeated(reply, errors)
        elif not self._read_late(reply):
            yield self._finding(
                "nothing logged",
                f"{self._asked} {_told(reply)} and left no error line{self._said_instead(reply, records)}",
                "log what was caught, once, where it becomes an answer: "
                'logger.exception("%s %s failed", request.method, request.path); what nobody catches is logged '
                "only where the framework is told to (Django: LOGGING with a console handler)",
                self._pointer(reply),
            )

    def _sent(self, reply: Reply) -> Step:
        """The step that was asked for, with the path that was sent: that is what the service logs."""
        step, sends = self.baseline.step, script(self.trial).requests(self.baseline.step)
        other = sends[reply.send].step if reply.send < len(sends) else ""
        asked = next((each for each in self.baseline.steps if each.key == other), step)
        return replace(asked, target=reply.target or asked.target)

    @property
    def _asked(self) -> str:
        return f"{self.baseline.step.method} {self.baseline.step.route}"

    def _records(self, reply: Reply) -> tuple[Record, ...]:
        """What was written from its sending on, until the next one that failed as well."""
        later = [other.begun for other in self.history.replies if other.failed and other.begun >= reply.ended]
        end = min((begun for begun in later if begun > reply.begun), default=float("inf"))
        return records_of(self.history.logs, reply.begun, end)

    def _read_late(self, reply: Reply) -> bool:
        """Whether an error was read while the next failed request was under way: it may have been written before."""
        ends = [other.ended for other in self.history.replies if other.failed and other.begun >= reply.ended]
        until = min(ends, default=reply.ended)
        return any(record.is_error for record in records_of(self.history.logs, reply.ended, until))

    def _unmarked(self, records: Iterable[Record]) -> Iterator[Record]:
        """Lines without a level that no undisturbed run writes: a print, or a logger that nobody configured."""
        usual = {template(line.text.strip()) for clean in self.baseline.clean for line in clean.logs}
        for record in records:
            if not record.level and record.access is None and template(record.headline) not in usual:
                yield record

    def _repeated(self, reply: Reply, errors: Sequence[Record]) -> Iterator[Finding]:
        """The same failure with its traceback under several headlines: caught, logged, and raised on.

        A warning with a traceback is what is tried again; of two requests at once nobody knows whose they are.
        """
        if any(other is not reply and other.failed and _overlap(reply, other) for other in self.history.replies):
            return
        told = [each for each in errors if each.failure and each.failure.parts and each.level != "WARNING"]
        for first in told[:1]:
            same = [record for record in told if _is_one_failure(first, record, self.baseline.packages)]
            headlines = dict.fromkeys(template(record.headline)[:_SHOWN] for record in same)
            if len(headlines) > 1:
                yield self._finding(
                    "logged more than once",
                    f"one failure of {self._asked} leaves {len(same)} tracebacks: {'; '.join(headlines)}",
                    "log it once, where it becomes an answer; whoever raises it on need not log it",
                    self._pointer(reply),
                    severity="note",
                )

    def _as_warning(self, reply: Reply, warnings: Sequence[Record]) -> Iterator[Finding]:
        if reply.status in {500, None}:
            yield self._finding(
                "logged below error",
                f"{self._asked} {_told(reply)}, which is logged as a warning: {warnings[0].headline[:_SHOWN]}",
                "log as an error what the service did not mean to answer: alarms look for errors",
                self._pointer(reply),
                severity="note",
            )

    def _unattributed(
        self, reply: Reply, request: Request, records: Sequence[Record], errors: Sequence[Record]
    ) -> Judgement:
        answered = {reply.status, None}
        accesses = (record for record in records if record.access and record.access.status in answered)
        beside = any(names_request(record, request) for record in accesses)
        traced = any(record.failure for record in errors)
        if beside and traced:
            return Remark(text=f"{self._asked} {_told(reply)}: its access line beside the traceback leads to it")
        return self._finding(
            "does not lead to the request",
            f"{self._asked} {_told(reply)}, and no line of the log says so: {errors[0].headline[:_SHOWN]}",
            "write the request's method and path, or a request id that the answer shows too, into every error line",
            self._pointer(reply),
            severity="note" if beside or traced else "blocker",
        )

    def _still_at_work(self, reply: Reply) -> Unknown:
        missing = f"{self._asked} {_told(reply)} and was still at work when the trial ended: its log is not whole"
        fix = "give the clients of its dependencies time-outs that are shorter than the step's deadline"
        return unknown(Logs.line, self.baseline, missing, fix, self.trial.id)

    def _said_instead(self, reply: Reply, records: Sequence[Record]) -> str:
        """What stands in the log in place of an error: of this attempt, not of the retry behind it."""
        until = min((other.begun for other in self.history.replies if other.begun >= reply.ended), default=float("inf"))
        own = [record.headline for record in records if record.headline and record.at < until]
        told = own[-1] if own else ""
        return f"; the log says only: {told[:_SHOWN]}" if told else ": the log is empty"

    def _pointer(self, reply: Reply) -> str:
        return f"replies[{self.history.replies.index(reply)}]"

    def _finding(
        self,
        category: str,
        title: str,
        fix: str,
        pointer: str,
        *,
        severity: Severity = "blocker",
        columns: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            line=Logs.line,
            severity=severity,
            path=self.baseline.path.name,
            step=self.baseline.step.key,
            category=category,
            title=title,
            points=(script(self.trial).perturbation.says(),),
            fix=fix,
            columns=columns,
            evidence=(Evidence(trial=self.trial.id, pointer=pointer),),
            trial=self.trial.id,
        )


_ARTICLES: dict[Place, str] = {"log": "the", "answer": "an", "mail": "a", "outbound call": "an"}
_SENT = "send what the receiver needs, by name and id: never credentials, headers, or settings"
_REDACT: dict[Place, str] = {
    "log": "log names and ids: leave out or mask Authorization, Cookie, password fields and the passwords of URLs",
    "answer": "answer with what the asking actor may know: never a whole record, headers, or settings",
    "mail": _SENT,
    "outbound call": _SENT,
}


def _untested(baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Baseline | None:
    """The first step that asks something of a dependency, where nothing of the path was seen to fail; else None."""
    by_step = {baseline.step.key: baseline for baseline in baselines}
    asking = (each for each in baselines if Faults(baseline=each, line=Logs.line).calls)
    failed = (_was_failure(by_step[each.trial.step], each) for each in judged if each.trial.step in by_step)
    return None if any(failed) else next(asking, None)


def _was_failure(baseline: Baseline, each: Judged) -> bool:
    """Whether a call was made to fail, which the service may have survived; or a request failed by itself."""
    history = each.history
    if history.trouble:
        return False
    case = _Case(baseline=baseline, trial=each.trial, history=history)
    return (fails(each.trial) and history.reached) or any(case.failed())


def _is_one_failure(one: Record, other: Record, packages: Collection[str]) -> bool:
    """Whether two tracebacks tell of one exception. A worker that meets the same trouble came there by another way.

    `packages` are the service's own (see `own_frames`).
    """
    if not (one.failure and other.failure and one.failure.parts & other.failure.parts):
        return False
    ways = [{(frame.file, frame.line) for frame in own_frames(record.text, packages)} for record in (one, other)]
    return not all(ways) or ways[0] <= ways[1] or ways[1] <= ways[0]


def _overlap(one: Reply, other: Reply) -> bool:
    return one.begun < other.ended and other.begun < one.ended


def _told(reply: Reply) -> str:
    return f"is answered {reply.status}" if reply.status else f"has no answer ({reply.cut})"


def _merged(findings: Sequence[Finding]) -> Iterator[Finding]:
    """One for each cause: a failure's of its step, a secret's of the path, told at the first step that shows it."""
    for group in joined(findings, _one_cause):
        first = max(group, key=lambda finding: len(finding.columns))  # the first of those that tell the most
        steps = dict.fromkeys(finding.step for finding in group if finding.step != first.step)
        points = dict.fromkeys(point for finding in group for point in finding.points)
        yield replace(first, points=(*points, *steps))


def _one_cause(one: Finding, other: Finding) -> bool:
    if (one.category, one.severity) != (other.category, other.severity):
        return False
    return bool(set(one.columns) & set(other.columns)) if one.columns else one.step == other.step
