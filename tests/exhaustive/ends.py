"""The distinct end states of a step's trials, in the oracle's canonical form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotfire.equality import Oracle, State
from hotfire.equality.graph import draw
from hotfire.equality.record import records
from hotfire.model.history import Baseline, History
from hotfire.model.trial import Trial
from hotfire.references import References

Form = tuple[int, ...]
"""A state's canonical form: equal for states that are equal up to renaming (within one process of ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where one trial ended: the state's form, and the class of the answer that the step's client was left with."""

    trial: Trial
    form: Form
    answer: str
    difference: str


class Ends:
    """Reads the ends of one step's trials against its null trials."""

    def __init__(self, baseline: Baseline) -> None:
        self._oracle: Oracle = References(baseline).once
        assert self._oracle.trouble is None, f"{baseline.step.key}: {self._oracle.trouble}"
        self.null: Form = self._oracle.clean[-1].form

    def of(self, trial: Trial, history: History) -> End:
        state = State(rows=history.state)
        return End(
            trial=trial,
            form=self.form(history),
            answer=_answer(history),
            difference=_difference(self._oracle, state),
        )

    def form(self, history: History) -> Form:
        return draw(records(State(rows=history.state), self._oracle.layout), self._oracle.noise).form


def forms(ends: Iterable[End]) -> set[Form]:
    return {end.form for end in ends}


def only_in(ends: Sequence[End], others: Sequence[End]) -> list[End]:
    """One trial for each end state that the others do not reach."""
    known = forms(others)
    first = {end.form: end for end in reversed(ends) if end.form not in known}
    return list(first.values())


def _answer(history: History) -> str:
    own = next((reply for reply in reversed(history.replies) if reply.send == 0), None)
    return f"{own.status // 100}xx" if own and own.status else "none"


def _difference(oracle: Oracle, state: State) -> str:
    answer = oracle.compare(state)
    return "; ".join(each.text for each in getattr(answer, "differences", ()))
