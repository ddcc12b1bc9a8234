"""The states in which a trial may end, learned from the undisturbed runs of its step: before, once, twice, the end."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from hotfire.equality import Comparison, Different, Equal, NotComparable, Oracle, State, compare_any
from hotfire.model.history import Baseline, History, Reply
from hotfire.once import once


class References:
    """Oracles for one baseline. Made once for each (see `references_of`); all that it answers follows from it."""

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline

    @cached_property
    def once(self) -> Oracle:
        """The state that one undisturbed request leaves."""
        return self._learn([State(rows=clean.state) for clean in self.baseline.clean])

    @cached_property
    def statuses(self) -> tuple[int | None, ...]:
        """The statuses of the undisturbed answers: one, where the step is repeatable."""
        return tuple(dict.fromkeys(clean.replies[0].status for clean in self.baseline.clean if clean.replies))

    @property
    def disagree(self) -> bool:
        """Whether the undisturbed runs do not agree among themselves: nothing can be compared with them."""
        return len(self.statuses) > 1 or self.once.trouble is not None

    @property
    def disagree_later(self) -> bool:
        """Whether the rest of the path was answered otherwise in one of the undisturbed runs, or left another state."""
        answered = {tuple(reply.status for reply in clean.final_replies) for clean in self.baseline.clean}
        return len(answered) > 1 or self.end.trouble is not None

    @cached_property
    def before(self) -> Oracle:
        """The state in which nothing has happened."""
        return self._like(State(rows=()))

    @cached_property
    def answers(self) -> Oracle:
        """State and answer of one undisturbed request, in one graph."""
        return self._learn([self._answered(clean, clean.replies[:1]) for clean in self.baseline.clean])

    @cached_property
    def end(self) -> Oracle:
        """The state that the whole path leaves, from the step on."""
        return self._learn([State(rows=clean.final or ()) for clean in self.baseline.clean])

    def after(self, references: Iterable[History], called: str) -> list[Oracle]:
        """The states in which these trials ended; `called` is what a difference's text calls one of them."""
        return [self._like(State(rows=history.state), called) for history in references]

    def compare(self, history: History, allowed: Sequence[Oracle]) -> Comparison:
        """Whether a trial ended in one of the allowed states; if not, what is different from the first."""
        if self._declared(history):
            return Equal()
        answer = compare_any(State(rows=history.state), allowed)
        return allowed[0].compare(State(rows=history.state)) if isinstance(answer, Different) else answer

    def _declared(self, history: History) -> bool:
        """Whether the service lived, lost a call, and gave at once what the path declares for its dependency.

        What was left out then is meant, whichever line asks: `failure` says the same of a dependency that is down.
        """
        own = next((reply for reply in history.replies if reply.send == 0), None)
        if own is None or own.cut or history.exits or len(history.replies) > 1:
            return False
        lost = {each.call.point.dependency for each in history.exchanges if each.outcome == "unknown"}
        return any(self.baseline.path.degraded.get(dependency) == own.status for dependency in lost)

    def same_answer(self, history: History, reply: Reply) -> bool | None:
        """Whether the answer is the recorded one; None where answers cannot be compared."""
        match self.answers.compare(self._answered(history, (reply,))):
            case Equal():
                return True
            case Different():
                return False
            case NotComparable():
                return None

    def _answered(self, history: History, replies: tuple[Reply, ...]) -> State:
        """A state with answers to the step in one graph."""
        step = self.baseline.step
        return State(rows=history.state, replies=replies, steps=(f"{step.method} {step.route}",))

    def _learn(self, clean: Sequence[State]) -> Oracle:
        return Oracle.learn(clean, self.baseline.columns, self.baseline.ignore)

    def _like(self, state: State, called: str = "one run") -> Oracle:
        baseline = self.baseline
        return Oracle.learn([state], baseline.columns, baseline.ignore, like=self.once, reference=called)


@once
def references_of(baseline: Baseline) -> References:
    """The references of a baseline."""
    return References(baseline)
