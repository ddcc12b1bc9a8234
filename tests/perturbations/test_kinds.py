"""Perturbations are found by scanning their folder, and made from a trial's kind and arguments."""

import pytest

from hotfire.errors import UsageError
from hotfire.model.trial import Trial
from hotfire.perturbations import applies, kinds, script
from hotfire.perturbations.kill import Kill
from tests.perturbations.points import STEP, WHERE


def test_every_file_is_a_kind() -> None:
    assert set(kinds()) == {
        "at_once",
        "at_peers",
        "by_nobody",
        "by_other",
        "client_gone",
        "dead_pool",
        "erroring",
        "in_sequence",
        "invalid",
        "kill",
        "lost_call",
        "lost_reply",
        "none",
        "read_by",
        "refused",
        "reset",
        "slow",
        "stalled",
        "terminated",
        "unreadable",
    }


def test_a_trial_becomes_its_perturbation() -> None:
    trial = Trial(path="buy", step=STEP.key, check="retry", perturbation="kill", arguments={**WHERE, "when": "before"})
    assert script(trial).perturbation == Kill(**WHERE, when="before")


def test_a_trial_of_another_version_is_refused_with_what_is_known() -> None:
    trial = Trial(path="buy", step=STEP.key, check="retry", perturbation="meteor")
    with pytest.raises(UsageError, match="no perturbation 'meteor'") as refused:
        script(trial)
    assert "kill" in refused.value.hint


@pytest.mark.parametrize(("kind", "lost"), [("lost_call", True), ("lost_reply", True), ("kill", False)])
def test_no_message_is_lost_inside_of_a_process(kind: str, lost: bool) -> None:  # a table's cell
    trial = Trial(path="buy", step=STEP.key, check="retry", perturbation=kind, arguments=WHERE)
    assert applies(trial, ()) is True
    assert applies(trial, ("another",)) is True
    assert applies(trial, (str(WHERE["dependency"]),)) is not lost
