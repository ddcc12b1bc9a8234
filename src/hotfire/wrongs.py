"""The wrong requests of one step that are worth a trial.

What is likely is tried at every place: NUL, numbers beyond a column, null, another type, too long, left out, and all
that the service's document forbids. The rest is tried at one place of each part, since it shows how a kind of request
is read, whichever field carries it. Headers of which any step may make something are tried at each step, those of a
read at each read, the others at one step of a path. Fields that are nobody's to set are sent where a table has such a
column, what another row has where no two rows may have the same, and texts longer than their column. Nothing is left
out by chance, and what is left out is counted.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from hotfire.landing import TOO_LONG, taken, too_long
from hotfire.model.edit import Edit, written
from hotfire.model.history import Baseline
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.model.trial import Trial
from hotfire.mutation import Case, cases, filled, filling
from hotfire.mutation.headers import carried
from hotfire.mutation.names import bare, is_identifier
from hotfire.mutation.standins import hidden, standing_in
from hotfire.once import once
from hotfire.openapi import Judge, Operation
from hotfire.unread import unread

LINE = "inputs"
BESIDE = "schemathesis"
"""The line's one setting: whether Schemathesis is asked, too."""
_LIKELY = {
    *("nul", "beyond int8", "beyond int4", "null", "maxLength", "type", "required", "range", "dangling", "date"),
    *("negative", "zero"),
}
_AT_ITS_PLACES = {"multiplied", "last day", "year 0"}  # few places have them, and each may break elsewhere
_CONSTRAINING = {"enum", "const", "format", "pattern", "date", "dangling"}  # what is tried of a value that is not free
_PROBED = {"x-forwarded-for", "forwarded", "x-forwarded-host"}
_READING = {"range", "if-modified-since", "if-none-match"}  # headers that mean something to a read alone
_SAFE, _UNSAFE, _A_PLACE = 18, 30, 5  # trials of a step: so many, and these for each place that it has
_MOST = 5_000  # cases that are looked at
_ASKED = 12  # trials that a step is given to find out what of a fill is taken
_FLOOD = 1_000  # characters
_REFUSED = 400


@dataclass(frozen=True, kw_only=True)
class Wrongs:
    """What is tried of one step. `operation` is what its document says of it, unless that is contradicted.

    `sent` is the request as it was sent, `request` the same with stand-ins: what cases are made of. `contradiction` is
    what the document says otherwise than the undisturbed path shows. `fill` fills in what the document declares and
    the path does not send: a service may refuse some of it.
    """

    baseline: Baseline
    sent: Request
    request: Request
    operation: Operation | None = None
    contradiction: str = ""
    fill: tuple[Edit, ...] = ()
    _chosen: dict[tuple[Edit, ...], tuple[list[Case], int]] = field(default_factory=dict)

    @classmethod
    def of(cls, baseline: Baseline, sent: Request) -> "Wrongs":
        """What is to be tried of a step, by its document where there is one."""
        operation = Operation.read(baseline.document) if baseline.document else None
        judge = Judge.of(operation) if operation else None
        objection = judge.objection(sent) if judge else ""
        if judge is None or operation is None or objection:
            return cls(baseline=baseline, sent=sent, request=standing_in(sent), contradiction=objection)
        request = standing_in(sent, lambda stood: bool(judge.objection(stood)))
        return cls(
            baseline=baseline,
            sent=sent,
            request=request,
            operation=operation,
            contradiction=_undeclared(baseline, operation),
            fill=filling(request, operation),
        )

    @property
    def names_fields(self) -> bool:
        """Whether a document names the fields of the request's body, so that any other is none of a client's."""
        return self.operation is not None and self.operation.names_fields(self.request.media_type)

    def unreadable(self) -> Iterator[Trial]:
        """Requests that nobody can read; without a body, only where a change is asked for: a read has none to show."""
        if self.request.body:
            yield self.baseline.trial(LINE, "unreadable")
        elif self.baseline.step.safe:
            return
        for edit, sentence in unread(self.request, self.operation, self.baseline.step.route):
            yield self.baseline.trial(LINE, "unreadable", edits=written([edit]), sentence=sentence)

    def asked(self, taken: Mapping[str, bool]) -> tuple[tuple[Trial, ...], tuple[Edit, ...] | None]:
        """The trials that show what of the fill the service takes, and what that is; None: the last trial is to run.

        `taken` says of a trial that ran, by its id, whether it was answered as the undisturbed request is.
        """
        search, answer, trials = _search(self.fill), None, dict[str, Trial]()
        judge = Judge.of(self.operation) if self.operation else None
        try:
            while True:
                fill = search.send(answer)
                trial, answer = self.filled(fill), False
                if trial.id not in trials and (
                    len(trials) == _ASKED or (judge and judge.objection(filled(self.request, fill)))
                ):
                    continue  # enough was asked; or a part of it alone is not what the document allows
                trials[trial.id] = trial
                if trial.id not in taken:
                    return tuple(trials.values()), None
                answer = taken[trial.id]
        except StopIteration as found:
            return tuple(trials.values()), found.value

    def filled(self, fill: tuple[Edit, ...]) -> Trial:
        """The request as it was filled in, with nothing wrong."""
        names = ", ".join(edit.place.rpartition("/")[2] for edit in fill)
        sentence = f"nothing wrong, and {names} filled in"
        return self.baseline.trial(LINE, "invalid", edits=written(fill), sentence=sentence)

    def trials(self, fill: tuple[Edit, ...]) -> Iterator[Trial]:
        """One for each case, of the request filled in so."""
        for case in self._choose(fill)[0]:
            yield self._trial((*fill, case.edit), case)
        for case in (*self._too_long(fill), *self._proposed(fill)):
            yield self._trial((case.edit,), case)
        for case, column in taken(self.baseline, self.sent):
            yield self._trial((*fill, case.edit), case, taken=column)

    def _trial(self, edits: tuple[Edit, ...], case: Case, **more: str) -> Trial:
        return self.baseline.trial(
            LINE,
            "invalid",
            edits=written(edits),
            sentence=case.sentence,
            place=case.pointer,
            keyword=case.keyword,
            proven=case.proven,
            **more,
        )

    def _too_long(self, fill: tuple[Edit, ...]) -> Iterator[Case]:
        """Texts that a column does not hold, where nothing as long is tried, and the document allows them."""
        judge = Judge.of(self.operation) if self.operation else None
        tried = {case.pointer: len(case.edit.value) for case in self._choose(fill)[0] if _is_long(case)}
        for case, limit in too_long(self.baseline, self.sent):
            refused = bool(judge and judge.objection(filled(self.sent, (case.edit,))))
            if tried.get(case.pointer, 0) <= limit and not refused:
                yield replace(case, edit=hidden(case.edit, self.sent))

    def _proposed(self, fill: tuple[Edit, ...]) -> Iterator[Case]:
        """What another tool proposes and is not tried already, of the request as it is."""
        own = {case.edit for each in {(), fill} for case in self._choose(each)[0]}
        judge = Judge.of(self.operation) if self.operation else None
        for each in self.baseline.proposals if judge else ():
            edit = hidden(each.edit, self.sent)
            try:
                sent = filled(self.request, (edit,))
            except (LookupError, ValueError):
                continue  # it names a place that the request does not have
            if edit not in own and carried(edit):
                part, place = edit.part, edit.place
                pointer = pointer_of(part) + (place if part == "body" else pointer_of(place))
                sentence = f"{pointer[1:].replace('/', ' ')}: {each.says} (Schemathesis)"
                proven = bool(judge and judge.objection(sent))
                yield Case(edit=edit, pointer=pointer, keyword="coverage", sentence=sentence, proven=proven)

    def left_out(self, fill: tuple[Edit, ...]) -> int:
        """How many cases are not tried."""
        return self._choose(fill)[1]

    def _choose(self, fill: tuple[Edit, ...]) -> tuple[list[Case], int]:
        if fill not in self._chosen:
            step = self.baseline.step
            answered = self.baseline.clean[-1].replies[0].body if self.baseline.clean[-1].replies else ""
            request = filled(self.request, fill) if fill else self.request
            found = cases(request, self.operation, route=step.route, answered=answered)
            self._chosen[fill] = _chosen(list(islice(found, _MOST)), self.baseline)
        return self._chosen[fill]


def is_filled(trial: Trial) -> bool:
    """Whether it is one of `Wrongs.filled`: nothing is wrong in it."""
    return trial.perturbation == "invalid" and not trial.arguments.get("keyword")


@once
def wrongs_of(baseline: Baseline) -> Wrongs | None:
    """What is tried of a step; None where its request is not known."""
    return Wrongs.of(baseline, baseline.request) if baseline.request else None


def _undeclared(baseline: Baseline, operation: Operation) -> str:
    """The undisturbed answer's status, where the document has none like it; what is refused need not all stand there.

    OpenAPI 3.1 section 4.8.16: known errors are expected, and frameworks that write the document know few of them.
    """
    statuses = [clean.replies[0].status or 0 for clean in baseline.clean if clean.replies]
    status = next((each for each in statuses if 0 < each < _REFUSED and not operation.allows(each)), None)
    return f"it is answered {status}, and declared are {', '.join(operation.statuses)}" if status else ""


Search = Generator[tuple[Edit, ...], bool | None, tuple[Edit, ...]]


def _search(fill: tuple[Edit, ...]) -> Search:
    """Asks of parts of a fill whether they are taken; returns the largest of those that are, as far as it looks.

    What identifiers lead to may not be there: so first all but these.
    """
    if not fill or (yield fill):
        return fill
    plain = tuple(edit for edit in fill if not is_identifier(edit.place.rpartition("/")[2]))
    taken = yield from _kept((), plain)
    return (yield from _kept(taken, tuple(edit for edit in fill if edit not in plain)))


def _kept(taken: tuple[Edit, ...], more: tuple[Edit, ...]) -> Search:
    """With what of `more` is taken, too: by halves, for most of it is."""
    if not more or (yield (*taken, *more)):
        return (*taken, *more)
    if len(more) == 1:
        return taken
    half = len(more) // 2
    taken = yield from _kept(taken, more[:half])
    return (yield from _kept(taken, more[half:]))


def _chosen(found: Sequence[Case], baseline: Baseline) -> tuple[list[Case], int]:
    """The cases that are tried, the likely ones first, and how many are left out."""
    columns = {bare(name) for table in baseline.columns.values() for name in table}
    ranked: list[tuple[int, Case]] = []
    seen: set[tuple[str, ...]] = set()
    for case in _freest_first(found):
        mark, rank = _mark(case), _rank(case, baseline)
        nowhere = case.keyword == "privileged" and _name(case) not in columns
        if mark in seen or rank is None or nowhere or _is_flood(case):
            continue
        seen.add(mark)
        ranked.append((rank, case))
    places = {case.pointer for case in found if case.edit.part not in {"header", "content"}}
    most = (_SAFE if baseline.step.safe else _UNSAFE) + _A_PLACE * len(places)
    ordered = [case for _, case in sorted(ranked, key=lambda each: each[0])]
    tried, kinds = ordered[:most], {_kind(case) for case in ordered[:most]}
    for case in ordered[most:]:
        if _kind(case) not in kinds:  # a step of many places has each kind, too
            kinds.add(_kind(case))
            tried.append(case)
    return tried, len(found) - len(tried)


def _kind(case: Case) -> tuple[bool, str]:
    """A kind of wrong; `range` is a header, and an end before its beginning."""
    return case.edit.part == "header", case.keyword


def _freest_first(found: Sequence[Case]) -> list[Case]:
    """In their order, but for those of which one place of a part is enough: there a value goes first that may be any.

    A lone surrogate in a date is refused for the date's sake, and shows nothing of what the next text comes to.
    """
    bound = {case.pointer for case in found if case.keyword in _CONSTRAINING}
    return sorted(found, key=lambda case: not _at_each_place(case) and case.pointer in bound)


def _mark(case: Case) -> tuple[str, ...]:
    """Of two cases with the same mark one is tried."""
    if _of_the_whole(case):
        return (case.edit.part, case.keyword, case.edit.value)
    return (case.pointer if _at_each_place(case) else case.edit.part, case.keyword)


def _at_each_place(case: Case) -> bool:
    probed = case.edit.part == "header"  # whose keyword is the header's name
    each = case.keyword in {*_LIKELY, *_AT_ITS_PLACES} or case.edit.part == "cookie"
    return case.proven or case.keyword == "privileged" or (each and not probed)


def _is_flood(case: Case) -> bool:
    """Whether a body is more than any client sends: there Python's own limits break frameworks, not the service."""
    return case.edit.part == "content" and len(case.edit.value) > _FLOOD


def _is_long(case: Case) -> bool:
    return case.keyword == TOO_LONG and not case.proven


def _of_the_whole(case: Case) -> bool:
    return case.edit.part == "content" or case.keyword == "content-type"


def _rank(case: Case, baseline: Baseline) -> int | None:
    """Lower ranks go first; None: it is another step's, or no step's."""
    if case.keyword in _AT_ITS_PLACES and not case.proven:
        return 1
    if _at_each_place(case) or _of_the_whole(case):
        return 0
    if case.edit.part != "header" or case.keyword in _PROBED:
        return 1
    if case.keyword in _READING:
        return 2 if baseline.step.safe else None
    return 2 if baseline.step == _carrier(baseline) else None


def _carrier(baseline: Baseline) -> Step:
    """The step of a path at which headers are tried that any step reads alike: the first one that changes nothing."""
    return next((step for step in baseline.steps if step.safe), baseline.steps[0])


def _name(case: Case) -> str:
    return bare(case.pointer.rpartition("/")[2])
