"""Accepted risks in a whole run: what they take out of the verdict, and what they never do."""

from dataclasses import replace
from datetime import date

import pytest

from hotfire.errors import HotfireError, SetupError
from hotfire.model.event import FindingConfirmed
from hotfire.model.history import History
from hotfire.model.trial import Trial
from hotfire.model.waiver import Waiver
from hotfire.testing import STEP
from tests.engine.firing import PAY, FiveHundred, failing_when, fired, mistake, world

BLOCKER = Waiver(owner="ann", reason="why", until=date(2026, 11, 24), line="retry", step=STEP.key, category="5xx")
OPEN = Waiver(owner="ann", reason="why", until=date(2026, 12, 31), line="retry", path="buy")


def test_a_waived_blocker_is_confirmed_told_and_go() -> None:
    result = fired(world(failing_when("kill")), waivers=(BLOCKER,))
    assert (result.run.verdict, result.run.exit_code) == ("GO", 0)
    assert result.result.cells == {"retry": "waived"}
    assert len(result.of(FindingConfirmed)) == len(result.result.findings) == 1
    assert result.run.waivers == (BLOCKER,)


def test_the_day_after_its_last_it_counts_again() -> None:
    """The clock of these tests stands at 2026-11-24."""
    expired = replace(BLOCKER, until=date(2026, 11, 23))
    result = fired(world(failing_when("kill")), waivers=(expired,))
    assert (result.run.verdict, result.run.exit_code, result.result.cells) == ("NO-GO", 1, {"retry": "failed"})
    assert result.run.expired_waiver_of(result.result.findings[0]) == expired


def test_a_waiver_of_another_step_changes_nothing() -> None:
    result = fired(world(failing_when("kill", PAY.key)), waivers=(BLOCKER,))
    assert (result.run.verdict, result.result.cells) == ("NO-GO", {"retry": "failed"})


def test_a_waived_unknown_is_go() -> None:
    def play(trial: Trial) -> History:
        raise SetupError("the database is full", hint="make room")

    result = fired(world(play), waivers=(OPEN,))
    assert (result.run.verdict, result.run.exit_code, result.result.cells) == ("GO", 0, {"retry": "waived"})


def test_a_trial_that_fails_by_a_fault_of_ours_is_not_waived() -> None:
    def play(trial: Trial) -> History:
        raise HotfireError("a world gave no answer", hint="report it")

    result = fired(world(play), waivers=(OPEN,))
    assert (result.run.verdict, result.run.exit_code, result.result.cells) == ("UNKNOWN", 5, {"retry": "unknown"})


@pytest.mark.parametrize("where", ["plan", "judge", "conclude"])
def test_a_check_that_crashes_is_not_waived(where: str) -> None:
    result = fired(world(), check=FiveHundred(crash=where), waivers=(OPEN,))
    assert (result.run.verdict, result.run.exit_code) == ("UNKNOWN", 5)


def test_the_path_s_own_mistake_is_not_waived() -> None:
    mistaken = world(paths=("buy", "sell"))
    mistaken.mistakes = {"buy": [mistake(broken=False)]}
    result = fired(mistaken, waivers=(OPEN, replace(OPEN, line="happy path")))
    assert (result.run.verdict, result.run.exit_code) == ("UNKNOWN", 4)


def test_a_broken_path_that_is_accepted_is_still_not_judged() -> None:
    broken = world()
    broken.mistakes = {"buy": [mistake(broken=True), mistake(broken=True)]}
    accepted = replace(BLOCKER, line="happy path", category="broken")
    result = fired(broken, waivers=(accepted,))
    assert (result.run.verdict, result.run.exit_code, result.result.cells) == ("UNKNOWN", 5, {"retry": "unknown"})


def test_the_steps_that_were_fired_are_kept() -> None:
    assert fired(world()).result.fired == (STEP.key, PAY.key)
    assert fired(world(), steps=(PAY.key,)).result.fired == (PAY.key,)
