"""rollback: what a critical path has done is taken back by what its team declared as its undo.

    @publish_article.undo(keeps=["drafts"])
    def unpublish(editor: Actor, draft): ...

The path is played to its end, and its undo behind it. What must hold: the undo is done, and the state is the one of
before the path, apart from what it `keeps`: tables ("drafts"), columns ("posts.version") and dependencies. A moment
that was noted in place of another ("updated_at"), and is about now, is no difference, nor is one that each request puts
off (a session's end), nor a signature with the time in it. A row that was deleted and put in again under another id is
back, and so are those that refer to it. Where it differs in a UUID, a salted hash or another number of a key, nobody
can tell whether that was made up anew or is wrong: UNKNOWN, until it is put back or declared to be kept.

    rollback    something of the path is left behind, or the undo itself is refused or fails

What has left the service cannot be taken back: mails, and requests to partners, are told ("stays: 1 mail to …") and are
no blocker. An undo that fails by its own mistake (a KeyError) is told by file and line, as a critical path's is: exit
code 4. A path without an undo is not asked: its rollback is told as not proven, which is no unknown.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from hotfire.equality import Different, Equal, NotComparable, Oracle, State
from hotfire.equality.outcome import Difference
from hotfire.equality.reading import instant, is_signed_anew
from hotfire.equality.record import Json, parsed
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, Reply, RowChange, Undone
from hotfire.model.judgement import Evidence, Finding, Judgement, Remark, Unknown
from hotfire.model.step import CriticalPath
from hotfire.model.trial import Trial
from hotfire.perturbations import script
from hotfire.references import References, references_of
from hotfire.restored import Known, left_of, own_columns
from hotfire.unjudged import left_at_work, unknown

_OUTSIDE = {"smtp": "mail", "http": "request"}
"""The kinds of dependencies whose rows are what has left the service, and what one of them is called."""

_CALLED = "a whole rollback"
_SHOWN = 200
_SAME_TIME = 86_400.0  # seconds: within a day of now, whatever zone a moment without one was written in
_SIGNING_IN = 60.0  # seconds, more than enough for all sign-ins before an undisturbed run


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The check of the line `rollback`."""

    line: ClassVar[str] = "rollback"

    def asks(self, path: CriticalPath, baselines: Sequence[Baseline]) -> bool:
        """Whether there is an undo, and the path's first step, from which it is played, was asked for."""
        return bool(path.undo) and (not baselines or any(each.step == each.steps[0] for each in baselines))

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        """Once for a path: from its first step on."""
        del judged
        if baseline.path.undo and baseline.step == baseline.steps[0]:
            yield baseline.trial(Rollback.line, "undone")

    def judge(
        self, baseline: Baseline, trial: Trial, history: History, judged: Sequence[Judged]
    ) -> Iterator[Judgement]:
        """Whether the undo was done, and what it has left."""
        del judged
        case = _Case(baseline=baseline, trial=trial, history=history)
        if reason := case.unknown():
            yield reason
        elif history.undone:
            yield from case.judge(history.undone)

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        """What the one trial said."""
        del baselines
        for each in judged:
            yield from each.findings
            yield from each.unknowns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One trial before the judge."""

    baseline: Baseline
    trial: Trial
    history: History

    @property
    def references(self) -> References:
        return references_of(self.baseline)

    @property
    def path(self) -> CriticalPath:
        return self.baseline.path

    def unknown(self) -> Unknown | None:
        """What keeps the rollback from being judged: the path itself must have ended as it does undisturbed."""
        history, undone = self.history, self.history.undone
        if history.trouble:
            return self._unknown(history.trouble, "see the run's log; run `hotfire check` again")
        if history.mistake or history.final is None:
            return self._unknown(f"the path did not come to its end: {history.mistake}", _SAME)
        if [reply.status for reply in history.final_replies] not in self._clean_statuses():
            return self._unknown("the path was answered otherwise this time", _SAME)
        match self.references.compare(replace(history, state=history.final), [self.references.end]):
            case NotComparable(reason=reason, fix=fix):
                return self._unknown(reason, fix)
            case Different(differences=differences):
                told = "; ".join(each.text for each in differences[:2])
                return self._unknown(f"before its undo the path had left something else: {told}", _SAME)
            case Equal():
                pass
        return self._not_undone(undone)

    def _not_undone(self, undone: Undone | None) -> Unknown | None:
        if undone is None:
            return self._unknown("the undo was not played", "see the run's log; run `hotfire check` again")
        if undone.slip:
            return self._unknown(f"the undo failed by its own mistake: {undone.slip}", f"mend {self.path.undo}")
        if not undone.failed and (left := left_at_work(self.baseline, undone.unquiet)):
            missing = f"still at work behind the undo: {', '.join(left)}"
            return self._unknown(missing, "give the path a longer deadline=")
        return None

    def _clean_statuses(self) -> list[list[int | None]]:
        return [[reply.status for reply in clean.final_replies] for clean in self.baseline.clean]

    def _unknown(self, missing: str, fix: str) -> Unknown:
        return unknown(Rollback.line, self.baseline, missing, fix, self.trial.id)

    # what the undo did

    def judge(self, undone: Undone) -> Iterator[Judgement]:
        """A blocker where it was refused or left something; a remark on what cannot be taken back."""
        if undone.failed:
            fix = f"let {self.path.undo} be done whenever the path was"
            yield self._finding(self._failure(undone), (), fix, "undone")
            return
        inside = [row for row in undone.state if self._kind(row) not in _OUTSIDE and not self._kept(row)]
        left = left_of([self._without_moments(row) for row in inside], self.history.final or (), self._known())
        match self._before().compare(State(rows=left.rows)):
            case NotComparable(reason=reason, fix=fix):
                yield self._unknown(reason, fix)
            case Different(differences=differences):
                yield self._left(undone, differences)
            case Equal() if left.doubtful:
                yield self._doubtful(left.doubtful)
            case Equal():
                if stays := self._stays(undone):
                    yield Remark(text=stays)

    def _failure(self, undone: Undone) -> str:
        """What the undo asked last, and what it was answered."""
        body = " ".join(undone.replies[-1].body.split())[:_SHOWN]
        asked = f"{undone.steps[-1]} {_answered(undone.replies[-1])}"
        return f"the undo {self.path.undo} fails: {asked}{f': {body}' if body else ''}"

    def _kind(self, row: RowChange) -> str:
        return self.baseline.kinds.get(row.store, "")

    def _kept(self, row: RowChange) -> bool:
        """Whether it is of a dependency that the undo leaves as it is; tables and columns are left to the oracle."""
        return row.store in self._keeps

    @property
    def _keeps(self) -> tuple[str, ...]:
        return tuple(name.removesuffix(".*") for name in self.path.keeps)

    def _without_moments(self, change: RowChange) -> RowChange:
        """A row with the moments of before where others were noted meanwhile: no undo can bring them back."""
        before, after = change.before, change.after
        if before is None or after is None:
            return change
        noted = {
            column: before.get(column)
            for column, value in after.items()
            if self._is_noted(f"{change.table}.{column}", before.get(column), value)
        }
        return replace(change, after={**after, **noted})

    def _is_noted(self, column: str, before: str | None, after: str | None) -> bool:
        """Whether a moment stands in place of another, and is about now or was put off, as the service tells the time.

        What each request puts off ("in 14 days") moves on by as much as has passed since it was written: by a sign-in,
        just before the first undisturbed run, or earlier, by what prepared the state; then each run moves it. What is
        signed with the time counts as a moment, too.
        """
        if (one := parsed(before or "")) is not None and (other := parsed(after or "")) is not None:
            return self._is_noted_in(column, one, other)
        then, moment, now = instant(before or ""), instant(after or ""), self._now
        if moment is None or then is None:
            return is_signed_anew(before or "", after or "")
        if now is None or abs(moment - now) < _SAME_TIME:
            return True
        known = self.references.end.noise.columns.get(column)
        begun = _date(self.baseline.clean[0].replies)
        passed = _SAME_TIME if known and known.reads == "instant" else now - begun + _SIGNING_IN if begun else 0.0
        return 0.0 <= moment - then < passed

    @property
    def _now(self) -> float | None:
        """By the server's Date, else by the first moment that the path noted; None where it noted none either."""
        columns = self.references.end.noise.columns
        noted = [
            instant(row.sets(column) or "")
            for row in self.history.final or ()
            for column in row.after or ()
            if (known := columns.get(f"{row.table}.{column}")) and known.reads == "instant"
        ]
        told = _date(self.history.replies)
        return min(filter(None, noted), default=None) if told is None else told

    def _is_noted_in(self, column: str, before: Json, after: Json) -> bool:
        """Whether two trees of JSON differ in no more than moments."""
        match before, after:
            case dict(), dict():
                return before.keys() == after.keys() and all(
                    self._is_noted_in(column, value, after[name]) for name, value in before.items()
                )
            case list(), list():
                pairs = zip(before, after, strict=False)
                return len(before) == len(after) and all(self._is_noted_in(column, *pair) for pair in pairs)
            case str(), str() if type(before) is type(after):
                return before == after or self._is_noted(column, before, after)
            case _:
                return before is after

    def _before(self) -> Oracle:
        baseline = self.baseline
        ignore = (*baseline.ignore, *self._keeps)
        return Oracle.learn([State(rows=())], baseline.columns, ignore, like=self.references.end, reference=_CALLED)

    def _known(self) -> Known:
        end = self.references.end
        return Known(
            keys=self.baseline.keys,
            generated=end.generated,
            own=own_columns(end),
            no_state=(*self.baseline.ignore, *self._keeps),
            noted=self._is_noted,
        )

    def _doubtful(self, columns: Sequence[str]) -> Unknown:
        named = ", ".join(columns)
        missing = f"after {self.path.undo}, {named} may be made up anew or wrong: nobody can tell which"
        return self._unknown(missing, f"put back what was there; {self._keep(columns)}")

    def _keep(self, columns: Sequence[str]) -> str:
        """What to declare, where these are meant to stay as they are."""
        kept = ", ".join(f'"{name}"' for name in (*self.path.keeps, *columns))
        return f"what is meant to stay, declare: @{self.path.name}.undo(keeps=[{kept}])"

    def _left(self, undone: Undone, differences: Sequence[Difference]) -> Finding:
        columns = tuple(sorted({column for each in differences for column in each.columns}))
        title = f"after {self.path.undo}, " + "; ".join(each.text for each in differences[:3])
        undo = f"take back in {self.path.undo} what the path did to {', '.join(columns)}"
        fix = "\n".join(filter(None, [f"{undo}; {self._keep(columns)}", self._stays(undone)]))
        return self._finding(title, columns, fix, "undone.state")

    def _stays(self, undone: Undone) -> str:
        """What has left the service and cannot be taken back, in words."""
        sent = Counter(
            (_OUTSIDE[kind], _addressee(row)) for row in undone.state if (kind := self._kind(row)) in _OUTSIDE
        )
        said = [f"{number} {noun}{'s' if number > 1 else ''} to {whom}" for (noun, whom), number in sent.items()]
        return f"stays: {', '.join(said)}" if said else ""

    def _finding(self, title: str, columns: tuple[str, ...], fix: str, pointer: str) -> Finding:
        return Finding(
            line=Rollback.line,
            severity="blocker",
            path=self.path.name,
            step=self.baseline.step.key,
            category="rollback",
            title=title,
            points=(script(self.trial).perturbation.says(),),
            fix=fix,
            columns=columns,
            evidence=(Evidence(trial=self.trial.id, pointer=pointer),),
            trial=self.trial.id,
        )


_SAME = "let the path leave the same each time; look for work behind its answers that ends later"


def _answered(reply: Reply) -> str:
    return f"is answered {reply.status}" if reply.status else f"has no answer ({reply.cut})"


def _date(replies: Sequence[Reply]) -> float | None:
    """Seconds since 1970, by an answer's Date (RFC 9110 section 6.6.1); None where the server sends none."""
    headers = replies[0].headers if replies else ()
    return next((instant(value) for name, value in headers if name.lower() == "date"), None)


def _addressee(row: RowChange) -> str:
    """Whom a mail or a request went to."""
    sent = row.after or {}
    return sent.get("to") or f"{row.store} ({sent.get('method')} {sent.get('path')})"
