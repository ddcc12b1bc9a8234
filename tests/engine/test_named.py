"""Checks that judge by reviewed files: the steps that those name, and a check that watches undisturbed runs only."""

from typing import ClassVar

import pytest

from hotfire.errors import UsageError
from hotfire.model.check import UNDISTURBED, Named
from hotfire.testing.baselines import STEP
from tests.engine.firing import FiveHundred, fired, world
from tests.engine.watching import Onlooker

NOWHERE = Named(path="buy", step="ann POST /order #1", place="launch/expected/buy/x.txt", hint="remove the file")


class Guest(Onlooker):
    """Shown the undisturbed runs, and no trial of anybody else."""

    watches: ClassVar[str] = UNDISTURBED


def test_a_step_that_its_path_does_not_have_is_told_with_what_to_write() -> None:
    with pytest.raises(
        UsageError, match=r"x\.txt names the step 'ann POST /order #1', which buy does not have"
    ) as error:
        fired(world(), named=(NOWHERE,))
    assert error.value.hint == "remove the file; its steps are ann POST /orders #1; ann POST /payments #1"


def test_a_step_that_is_there_and_one_of_a_path_that_is_not_fired_are_no_trouble() -> None:
    there = Named(path="buy", step=STEP.key, place="", hint="")
    elsewhere = Named(path="sell", step="nobody GET / #1", place="", hint="")
    assert fired(world(), named=(there, elsewhere)).run.verdict == "GO"


def test_a_check_that_watches_undisturbed_runs_is_shown_no_trial() -> None:
    guest = Guest(line="response")
    fired(world(), checks=[FiveHundred(), guest])
    assert guest.shown == ["nobody: none"] * 6
