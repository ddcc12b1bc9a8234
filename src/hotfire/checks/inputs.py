"""inputs: each field of each request made wrong, one place at a time: refused, nothing changed, no 5xx, no hang.

It starts from the request that the undisturbed path really sent, fills in what the service's OpenAPI document declares
besides, and makes one place wrong: in the body, in a form, in path and query, in cookies and in the headers that
proxies set. Where there is no document, what was seen stands for it, and nothing is proven invalid. Where the database
has a key (username, email, slug), the value becomes one that another row already has; that it is taken is no finding.

What Schemathesis says besides is taken in where it is asked for (pip install 'hotfire[schemathesis]'):

    [tool.hotfire.checks.inputs]
    schemathesis = true

    5xx on invalid input         the service fails where it should refuse
    no answer                    none within the step's deadline=, or the connection was closed without one
    traceback in an answer       the answer shows the service's source
    effect on a refused request  answered 4xx, or the form again with its errors, and rows have changed all the same
    privileged field took effect a field was sent besides that no client should set, and stands in the row: one that the
                                 document does not name; without a document, rights or money that nobody signed in gave
                                 to himself (is_admin, role, balance)
    accepted invalid input       the document itself proves it invalid, and it is taken

Notes: a 5xx of the framework alone, with neither a line of the service's own at work nor a database, a cache, files or
another server behind it; what is invalid and was taken, and nothing came of it; a document that contradicts the
service; without a document, any other field that took effect, for the path may have left out what a client may send. Of
rights and money that one who is signed in has set, nobody knows: UNKNOWN. What a service keeps of each request is no
effect of a refusal: see `refusals`. Right are 404 and 400 for an absurd id, 304, 206 and 416, a form shown again at
200, and coercions that frameworks document ("1" for 1).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from hotfire.breakdowns import TRACEBACK, Breakdown, breakdown_of
from hotfire.causes import traced
from hotfire.coercions import is_coercion
from hotfire.equality import Different, Equal
from hotfire.landing import TAKEN
from hotfire.model.check import Judged
from hotfire.model.edit import Edit, read, written
from hotfire.model.history import Baseline, History, Reply, RowChange
from hotfire.model.judgement import Evidence, Finding, Judgement, Remark, Severity
from hotfire.model.trial import Scalar, Trial
from hotfire.mutation import filled
from hotfire.mutation.names import bare, is_power
from hotfire.mutation.standins import restored
from hotfire.perturbations import script
from hotfire.references import References, references_of
from hotfire.refusals import left_by
from hotfire.stored import is_same
from hotfire.unjudged import undisturbed_disagree, unknown
from hotfire.wrongs import BESIDE, LINE, is_filled, wrongs_of

_OWN = {"invalid", "unreadable"}
_GATES = {401, 403, 407, 429}  # who refuses the asking itself may well count it
_ONLY_SHOWN, _FORM = 200, "<form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The check of the line `inputs`."""

    line: ClassVar[str] = LINE
    settings: ClassVar[Mapping[str, type]] = {BESIDE: bool}

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """First what others are judged against, and the request as it was filled in; then the wrong ones."""
        wrongs = wrongs_of(baseline)
        if wrongs is None or references_of(baseline).disagree:
            return
        yield from wrongs.unreadable()
        trials, fill = wrongs.asked({each.trial.id: _taken(baseline, each.history) for each in judged})
        yield from trials
        if fill is not None:
            yield from wrongs.trials(fill)

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """What one trial proves; of the other lines' trials nothing."""
        if trial.perturbation == "unreadable":
            yield from _left_out(baseline, trial)
        if trial.perturbation in _OWN:
            yield from _Case(baseline=baseline, trial=trial, history=history, judged=judged).judgements()

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """One finding for each cause, told by its shortest case; and what could not be judged."""
        packages = next((each.packages for each in baselines), ())
        yield from traced(judged, packages)
        for baseline in baselines:
            yield from _of_step(baseline)
        yield from {(unknown.step, unknown.missing): unknown for each in judged for unknown in each.unknowns}.values()


def _of_step(baseline: Baseline) -> Iterator[Judgement]:
    """What is to be said of a step whatever its trials show."""
    if disagree := undisturbed_disagree(Inputs.line, baseline):
        yield disagree
        return
    wrongs = wrongs_of(baseline)
    if wrongs is None:
        yield unknown(Inputs.line, baseline, "the step's request is not known", "this is a fault of hotfire: report it")
    elif said := wrongs.contradiction or "; ".join(baseline.objections):
        yield Finding(
            line=Inputs.line,
            severity="note",
            path=baseline.path.name,
            step=baseline.step.key,
            category="document contradicts the service",
            title=f"the OpenAPI document contradicts the service: {said}",
            points=(f"the undisturbed {baseline.step.method} {baseline.step.route}",),
            fix="correct the document there" + ("" if wrongs.operation else _UNPROVEN),
            columns=(),
            evidence=(),
            trial="",
        )


def _left_out(baseline: Baseline, trial: Trial) -> Iterator[Remark]:
    """How many cases of a step are not tried, told once for it: at the trial that goes ahead of all others."""
    wrongs = wrongs_of(baseline)
    if wrongs and trial == next(wrongs.unreadable(), None) and (count := wrongs.left_out(wrongs.fill)):
        yield Remark(text=f"{count} cases more are left out: each kind is tried, those that are rare at one place only")


def _taken(baseline: Baseline, history: History) -> bool:
    """Whether a request was answered as the undisturbed one is."""
    return bool(history.replies) and history.replies[0].status in references_of(baseline).statuses


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One trial before the judge."""

    baseline: Baseline
    trial: Trial
    history: History
    judged: Sequence[Judged]

    def judgements(self) -> Iterator[Judgement]:
        """All that is said of it."""
        history = self.history
        if history.trouble or not history.replies:
            missing = history.trouble or "no request was sent"
            yield unknown(Inputs.line, self.baseline, missing, "run `hotfire check` again", self.trial.id)
        elif self.reply.status is None:
            yield self._finding("no answer", f"{self._says}: {self._silence}", _BOUND)
        elif self.reply.failed:
            yield self._failed()
        elif self._shows_traceback:
            yield self._finding("traceback in an answer", f"{self._says}: the answer shows a traceback", _HIDE)
        elif self._refused:
            yield from self._refusal()
        elif self._accepted:
            yield from self._acceptance()

    @property
    def reply(self) -> Reply:
        return self.history.replies[0]

    @property
    def references(self) -> References:
        return references_of(self.baseline)

    def _argument(self, name: str) -> Scalar:
        return self.trial.arguments.get(name, "")

    @property
    def _keyword(self) -> str:
        return str(self._argument("keyword"))

    @property
    def _says(self) -> str:
        return script(self.trial).perturbation.says()

    @cached_property
    def _written(self) -> tuple[Edit, ...]:
        """What is otherwise than in the undisturbed request, as the trial has it: the wrong one last."""
        return read(str(self._argument("edits"))) if self._argument("edits") else ()

    @cached_property
    def _sent(self) -> tuple[Edit, ...]:
        """The same as it was sent."""
        return restored(self._written, self.baseline.request) if self.baseline.request else self._written

    @property
    def _value(self) -> str:
        """The wrong value, as an edit has it."""
        known = self._sent[-1].value if self._sent else ""
        return self.baseline.taken.get(str(self._argument("taken")), known)

    @property
    def _besides(self) -> list[str]:
        """What was filled in, as edits have it."""
        return [edit.value for edit in self._sent[:-1] if edit.value]

    @cached_property
    def _filled(self) -> Judged | None:
        """The same request with nothing wrong, where anything was filled in."""
        others = written(self._written[:-1])
        alike = (each for each in self.judged if each.trial.arguments.get("edits") == others and is_filled(each.trial))
        return next((each for each in alike if not each.history.trouble), None)

    # it failed

    @property
    def _shows_traceback(self) -> bool:
        """Whether the answer holds one, where no undisturbed answer does: a page about programs may show any."""
        told = [reply for clean in self.baseline.clean for reply in clean.replies[:1]]
        return TRACEBACK in self.reply.body and not any(TRACEBACK in reply.body for reply in told)

    @property
    def _silence(self) -> str:
        ended = self.history.exits
        return f"the service's process ended with status {ended[0].status}" if ended else self.reply.cut

    @cached_property
    def _breakdown(self) -> Breakdown:
        return breakdown_of(self.history, self.reply, self.baseline.packages)

    def _failed(self) -> Finding:
        told = f"{self._says}: answered {self.reply.status}"
        if self._breakdown.by_library:
            return self._finding("5xx of the framework", f"{told} by the framework itself", _OF_FRAMEWORK, "note")
        return self._finding("5xx on invalid input", told, _CONFLICT if self._keyword == TAKEN else _REFUSE)

    # it was refused

    @property
    def _refused(self) -> bool:
        status = self.reply.status or 0
        return 400 <= status < 500 or self._form_again

    @property
    def _form_again(self) -> bool:
        """A page with a form where the undisturbed answer has none, or has done what this one has not."""
        if self.reply.status != _ONLY_SHOWN or _FORM not in self.reply.body:
            return False
        clean = self.baseline.clean
        usual = _ONLY_SHOWN in self.references.statuses and any(_FORM in each.replies[0].body for each in clean)
        return not usual or (not self._changed and any(each.state for each in clean))

    def _refusal(self) -> Iterator[Judgement]:
        if self.trial.perturbation == "unreadable" or not self._changed:
            return
        unread = [each for each in self.judged if each.trial.perturbation == "unreadable"]
        left = left_by(self.baseline, self.history, [each.history for each in unread], [self._value, *self._besides])
        told = f"refused with {self.reply.status}, and {_rows(left.effects or left.records)}"
        if not left.effects or self.reply.status in _GATES:
            if left.effects or left.records:
                yield Remark(text=told)
            return
        yield self._finding(
            "effect on a refused request",
            f"{self._says}: {told}",
            "look at the whole request before anything is written, or write it all in one transaction that a refusal "
            "rolls back",
            pointer="state",
            columns=tuple(sorted({change.table for change in left.effects})),
            resting=[each.trial.id for each in unread],
        )

    @property
    def _changed(self) -> bool:
        """Whether anything is other than before; what cannot be compared is looked at row by row."""
        compared = self.references.compare(self.history, [self.references.before])
        return bool(self.history.state) and not isinstance(compared, Equal)

    # it was taken

    @property
    def _accepted(self) -> bool:
        return (self.reply.status or 0) < 300 or self.reply.status in self.references.statuses

    def _acceptance(self) -> Iterator[Judgement]:
        if self._keyword == "privileged":
            yield from self._privileged()
        elif self._argument("proven"):
            yield from self._proven()

    def _privileged(self) -> Iterator[Judgement]:
        """A field that the path does not send took effect: the document says whether a client may send it."""
        if not (column := self._set()):
            return
        wrongs, name = wrongs_of(self.baseline), column.rpartition(".")[2]
        told = f"{self._says}: it stands in {column}"
        keep_out = f"name the fields that a client may set, and leave {name} out of them"
        declare = f"{keep_out}; or declare {name} in the service's OpenAPI document"
        if (wrongs and wrongs.names_fields) or (is_power(name) and not self.baseline.step.signed_in):
            yield self._finding("privileged field took effect", told, keep_out, pointer="state", columns=(column,))
        elif is_power(name):
            missing = f"{told}; no document says whether {self.baseline.step.actor} may set it"
            yield unknown(Inputs.line, self.baseline, missing, declare, self.trial.id)
        else:
            yield self._finding(
                "undeclared field took effect", told, declare, "note", pointer="state", columns=(column,)
            )

    def _set(self) -> str:
        """The column in which the field stands with the value that was sent, and undisturbed it does not; else ""."""
        sent = str(self._argument("place")).rsplit("/", 1)[-1]
        for change in self.history.state:
            after = change.after or {}
            column = next((each for each in after if bare(each) == bare(sent)), "")
            taken = bool(column) and is_same(after[column] or "", self._value)
            if taken and not any(_has(clean, change.table, column, self._value) for clean in self.baseline.clean):
                return f"{change.table}.{column}"
        return ""

    def _proven(self) -> Iterator[Judgement]:
        request = self.baseline.request and filled(self.baseline.request, self._sent[:-1])
        if is_coercion(request, self._sent[-1] if self._sent else None, self._keyword):
            yield Remark(text=f"{self._says}: taken, though the document says otherwise")
            return
        told = f"{self._says}: answered {self.reply.status}, though the document proves it invalid"
        fix = "refuse it as the document says, or let the document say what is meant"
        severity: Severity = "blocker" if self._took_effect else "note"
        resting = [self._filled.trial.id] if self._filled else []
        yield self._finding("accepted invalid input", told, fix, severity, resting=resting)

    @property
    def _took_effect(self) -> bool:
        """Whether it left another state than the same request with nothing wrong does, and than the undisturbed one."""
        if self.baseline.step.safe or not self._changed or (self._written[:-1] and not self._filled):
            return False
        usual = [self.references.once]
        usual += self.references.after([self._filled.history], "nothing wrong") if self._filled else []
        return all(isinstance(self.references.compare(self.history, [each]), Different) for each in usual)

    # a finding

    def _finding(
        self,
        category: str,
        title: str,
        fix: str,
        severity: Severity = "blocker",
        *,
        pointer: str = "replies[0]",
        columns: tuple[str, ...] = (),
        resting: Sequence[str] = (),
    ) -> Finding:
        broken = self._breakdown
        told = f"{fix}\nlog: {broken.exception}" if broken.told and self.reply.failed else fix
        where = (broken.place or str(self._argument("place")),)
        return Finding(
            line=Inputs.line,
            severity=severity,
            path=self.baseline.path.name,
            step=self.baseline.step.key,
            category=category,
            title=title,
            points=(self._says,),
            fix=told,
            columns=columns or (where if severity == "blocker" else ()),
            evidence=(
                Evidence(trial=self.trial.id, pointer=pointer),
                *(Evidence(trial=trial, pointer="state") for trial in resting),
            ),
            trial=self.trial.id,
        )


_UNPROVEN = "; until then nothing of this step is proven invalid by it"
_BOUND = "bound what a request may ask for, and give what it waits for a time-out shorter than the step's deadline"
_HIDE = "switch debugging off, and answer with a message of your own"
_REFUSE = "refuse it with 4xx before it goes on: check type, range, length and characters where the request is read"
_CONFLICT = "answer 409 where the database says that the value is taken: a look before comes too early to be enough"
_OF_FRAMEWORK = (
    "handle the framework's own refusal: FastAPI's RequestValidationError without the value (no JSON can hold every "
    "value), a body that is not UTF-8 with 400"
)


def _rows(changes: Sequence[RowChange]) -> str:
    """What changed, in the user's words: "1 row in drops is there"."""
    tables = dict.fromkeys(change.table for change in changes)
    counted = {table: sum(change.table == table for change in changes) for table in tables}
    return ", ".join(f"{count} row{'s' if count > 1 else ''} of {table} changed" for table, count in counted.items())


def _has(history: History, table: str, column: str, value: str) -> bool:
    """Whether a row of this table has this value without anybody having sent it."""
    rows = [change.after for change in history.state if change.table == table and change.after]
    return any(is_same(row.get(column) or "", value) for row in rows)
