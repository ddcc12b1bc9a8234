"""The first blocker of a run is told before its path has come to its end: a person is waiting."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from hotfire.model.check import Judged
from hotfire.model.event import FindingConfirmed, PathEnded, StepMeasured
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Judgement
from hotfire.model.trial import Trial
from hotfire.testing import STEP, history, reply
from tests.engine.firing import PAY, FiveHundred, failing_when, fired, world


def test_the_first_blocker_is_told_before_the_next_step_is_measured() -> None:
    result = fired(world(failing_when("kill", PAY.key)))  # the last step, which is fired first
    kinds = [type(event) for event in result.events if isinstance(event, FindingConfirmed | StepMeasured)]
    assert kinds == [StepMeasured, FindingConfirmed, StepMeasured]
    (finding,) = result.result.findings
    assert finding.step == PAY.key


@pytest.mark.parametrize("count", [1, 2, 3])
def test_it_is_confirmed_once(count: int) -> None:
    worlds = [world(failing_when("kill", PAY.key), name=f"w{number}") for number in range(count)]
    result = fired(*worlds)
    assert len(result.of(FindingConfirmed)) == 1
    asked = Counter(run for each in worlds for run in each.asked if run.startswith("run"))
    assert sum(asked.values()) == 5  # two of each step, and the one again


def test_others_wait_for_the_end_of_their_path() -> None:
    def failing(trial: Trial) -> History:
        return history(replies=[reply(500 if trial.perturbation == "kill" else 200)])

    result = fired(world(failing))
    assert [type(event) for event in result.events if isinstance(event, FindingConfirmed | PathEnded)] == [
        FindingConfirmed,
        FindingConfirmed,
        PathEnded,
    ]
    assert {finding.step for finding in result.result.findings} == {STEP.key, PAY.key}


def test_what_is_not_seen_again_at_once_is_judged_with_its_path() -> None:
    seen: Counter[str] = Counter()

    def now_and_then(trial: Trial) -> History:
        seen[trial.perturbation] += trial.step == PAY.key
        ill = (trial.perturbation, trial.step) == ("kill", PAY.key) and seen["kill"] != 2
        return history(replies=[reply(500 if ill else 200)])

    result = fired(world(now_and_then))
    assert seen["kill"] == 3
    (told,) = result.of(FindingConfirmed)
    assert isinstance(told, FindingConfirmed)
    assert [told.finding] == list(result.result.findings)


@dataclass(slots=True, kw_only=True)
class Forgetful(FiveHundred):
    """Drops at the end what its trials showed."""

    def conclude(self, baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Judgement]:
        del baselines, judged
        yield from ()


def test_what_was_told_stands_though_its_check_drops_it_later() -> None:
    result = fired(world(failing_when("kill", PAY.key)), check=Forgetful())
    assert [finding.step for finding in result.result.findings] == [PAY.key]
    assert result.run.verdict == "NO-GO"
