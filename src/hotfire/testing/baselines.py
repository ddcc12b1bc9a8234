"""Builders of undisturbed runs and of trials that were judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hotfire.model.call import Effect, Exchange
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, Reply, RowChange, Undone
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.step import CriticalPath, Step
from hotfire.model.trial import Scalar, Trial
from hotfire.testing.rows import reply

PATH = CriticalPath(
    name="buy",
    owner="shop team <shop@example.org>",
    expected="The order is there.",
    rollback="Cancel it.",
    actors=("ann",),
)
STEP = Step(actor="ann", method="POST", route="/orders", target="/orders")

_RUNS = 3  # as many as a world plays at least

Rows = Callable[[int], Sequence[RowChange]]
"""The rows that the n-th undisturbed run leaves: from one to the next, what is generated differs, and nothing else."""


def serial(run: int, number: int = 1) -> str:
    """The n-th number that a sequence gives in an undisturbed run; each run has numbers of its own."""
    return str(1_000_000 + run * 1009 + number)


def history(
    rows: Sequence[RowChange] = (),
    replies: Sequence[Reply] = (),
    *,
    effects: Sequence[Effect] = (),
    exchanges: Sequence[Exchange] = (),
    final: Sequence[RowChange] | None = None,
    reached: bool = True,
    serialised: bool = False,
    unquiet: Sequence[str] = (),
    trouble: str = "",
    undone: Undone | None = None,
) -> History:
    """What one trial showed; without `replies`, its one request was answered 200."""
    return History(
        trial="",
        world="w0",
        replies=tuple(replies or (reply(),)),
        state=tuple(rows),
        effects=tuple(effects),
        exchanges=tuple(exchanges),
        final=None if final is None else tuple(final),
        reached=reached,
        serialised=serialised,
        unquiet=tuple(unquiet),
        trouble=trouble,
        undone=undone,
    )


def baseline(
    rows: Rows,
    *,
    effects: Sequence[Effect] = (),
    exchanges: Sequence[Exchange] = (),
    answer: Callable[[int], Reply] = lambda run: reply(),  # noqa: ARG005  # the same answer in each run
    final: Rows | None = None,
    path: CriticalPath = PATH,
    step: Step = STEP,
    steps: Sequence[Step] = (),
    columns: Mapping[str, Mapping[str, str]] | None = None,
    keys: Mapping[str, Sequence[tuple[str, ...]]] | None = None,
    processes: int = 2,
    kinds: Mapping[str, str] | None = None,
) -> Baseline:
    """A step's baseline: three undisturbed runs, whose rows and answers `rows` and `answer` give by their number.

    `final` gives the rows that the whole path leaves; without it, those of the step. `steps` are all of the path's.
    """
    clean = tuple(
        history(rows(run), (answer(run),), effects=effects, exchanges=exchanges, final=(final or rows)(run))
        for run in range(_RUNS)
    )
    return Baseline(
        path=path,
        step=step,
        steps=tuple(steps or (step,)),
        world="w0",
        clean=clean,
        columns={table: dict(kinds) for table, kinds in (columns or {}).items()},
        keys={table: tuple(named) for table, named in (keys or {}).items()},
        processes=processes,
        kinds=dict(kinds or {}),
    )


def trial(of: Baseline, check: str, perturbation: str = "none", *, rest: bool = False, **arguments: Scalar) -> Trial:
    """A trial of a baseline's step, planned by the check of this line."""
    return replace(of.trial(check, perturbation, **arguments), rest=rest)


def judged(trial: Trial, history: History, judgements: Sequence[Judgement] = ()) -> Judged:
    """A trial that has run, with what its check said of it."""
    return Judged(
        trial=trial,
        history=replace(history, trial=trial.id),
        findings=tuple(each for each in judgements if isinstance(each, Finding)),
        unknowns=tuple(each for each in judgements if isinstance(each, Unknown)),
        remarks=tuple(each for each in judgements if isinstance(each, Remark)),
    )
