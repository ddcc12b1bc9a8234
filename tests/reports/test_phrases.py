"""The same words in every report."""

import dataclasses

import pytest

from hotfire.model.trial import Trial
from hotfire.reports.phrases import (
    duration,
    is_unproven,
    kind_word,
    notices,
    perturbation_says,
    points,
    step_name,
    verdict_reason,
    waiver_says,
)
from tests.reports.sample import FINDING, PUBLISH_RESULT, READ_RESULT, RUN, TRIAL, WAIVED


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0.0 s"), (0.44, "0.4 s"), (9.2, "9 s"), (125, "2 min 5 s")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_points_name_the_first_and_count_the_rest() -> None:
    assert points(FINDING).endswith("inserted the notification again, and 2 points more")


def test_an_occurrence_is_said_where_it_is_not_the_first() -> None:
    assert step_name("author POST /a #1") == "author POST /a"
    assert step_name("author POST /a #12") == "author POST /a #12"


def test_a_perturbation_of_another_version_keeps_its_name() -> None:
    assert perturbation_says(Trial(path="p", step="s", check="retry", perturbation="gone")) == "gone"
    assert (
        perturbation_says(Trial(path="p", step="s", check="retry", perturbation="kill", arguments={"x": 1})) == "kill"
    )
    assert perturbation_says(TRIAL).startswith("reply lost at ")


def test_a_waiver_that_nothing_meets_is_told() -> None:
    run = dataclasses.replace(RUN, whole=True, verdict="GO", paths=(READ_RESULT,), ignored=())
    named = f"{FINDING.fingerprint}; Ann <ann@example.org>"
    assert notices(run)[-1] == f"launch/waivers.toml:12 ({named}) meets nothing any more: take it out"
    assert verdict_reason(run) == "for inputs, permissions, retry; 1 waived; 1 note; not asked: speed"


def test_the_same_cause_in_two_paths_is_waived_once() -> None:
    again = dataclasses.replace(READ_RESULT, findings=())
    run = dataclasses.replace(RUN, verdict="GO", paths=(READ_RESULT, again))
    assert "1 waived" in verdict_reason(run)
    assert kind_word(run, WAIVED) == "WAIVED"
    assert waiver_says(dataclasses.replace(run, waivers=()), WAIVED) == ""


def test_a_line_that_had_nothing_to_ask_of_a_path_is_not_proven_and_no_part_of_the_go() -> None:
    asked = dataclasses.replace(READ_RESULT, findings=(), unknowns=(), cells={"retry": "passed", "rollback": "passed"})
    without = dataclasses.replace(
        PUBLISH_RESULT, findings=(), unknowns=(), cells={**asked.cells, "rollback": "not asked"}
    )
    run = dataclasses.replace(RUN, verdict="GO", lines=("retry", "rollback"), not_asked=(), paths=(without,))
    assert verdict_reason(run) == "for retry; rollback: not proven"
    both = dataclasses.replace(run, paths=(asked, without))
    assert verdict_reason(both) == "for retry, rollback; rollback: not proven for publish_article"
    assert not is_unproven(run, dataclasses.replace(without, fired=()), "rollback"), "nothing of it was fired"
