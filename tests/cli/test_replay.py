"""hotfire replay, by value: whose eyes look again, and what cannot be replayed."""

import asyncio
from dataclasses import replace

import pytest

from hotfire.checks import check_named, checks
from hotfire.cli.replay import lines_of, refuse, see
from hotfire.engine.bay import Bay
from hotfire.errors import UsageError
from hotfire.model.check import Judged, null_trials
from hotfire.model.trial import Trial
from hotfire.reports.archive import StoredTrial
from hotfire.testing import FakeWorld, history, trial
from tests.engine.firing import FiveHundred, failing_when, path
from tests.engine.watching import Onlooker

BASELINE = path("buy")[0]
KILL = trial(BASELINE, "retry", "kill")
NULL, UNDISTURBED = next(null_trials(BASELINE))


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checks(), "retry", FiveHundred())
    monkeypatch.setitem(checks(), "logs", Onlooker(sees=lambda *_: True))
    monkeypatch.setitem(checks(), "inputs", FiveHundred(line="inputs"))


def seen(of: Trial, *lines: str) -> list[str]:
    """The lines that found something again."""

    async def looked() -> Judged:
        world = FakeWorld(paths={"buy": [BASELINE]}, play=failing_when("kill"))
        asked = [check_named(line) for line in dict.fromkeys((of.check, *lines)) if line]
        return await see(Bay(world=world, baseline=BASELINE), of, asked)

    return [finding.line for finding in asyncio.run(looked()).findings]


def test_a_trial_is_judged_by_the_check_that_planned_it_and_by_those_that_watched() -> None:
    assert seen(KILL, "retry") == ["retry"]
    assert seen(KILL, "retry", "logs") == ["retry", "logs"]
    assert seen(KILL, "logs", "inputs") == ["retry", "logs"]


def test_an_undisturbed_run_is_judged_by_those_that_watch() -> None:
    assert seen(NULL, "", "logs") == ["logs"] * 3


def test_the_lines_are_the_trials_own_and_those_that_spoke() -> None:
    said = Onlooker(sees=lambda *_: True).judge(BASELINE, NULL, UNDISTURBED, ())
    stored = StoredTrial(judged=Judged(trial=KILL, history=history(), findings=tuple(said)))  # type: ignore[arg-type]
    assert lines_of(stored) == ("retry", "logs")


def test_an_undisturbed_run_of_which_nothing_was_said_is_refused_and_so_is_holding_one() -> None:
    silent = Judged(trial=NULL, history=UNDISTURBED)
    with pytest.raises(UsageError, match="is a null trial"):
        refuse(StoredTrial(judged=silent), hold=False)
    said = Onlooker(sees=lambda *_: True).judge(BASELINE, NULL, UNDISTURBED, ())
    spoken = StoredTrial(judged=replace(silent, findings=tuple(said)))
    refuse(spoken, hold=False)
    with pytest.raises(UsageError, match="has no cut"):
        refuse(spoken, hold=True)
