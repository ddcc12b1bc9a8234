import json

import pytest

from hotfire.model.edit import Edit, written
from hotfire.model.perturbation import Script
from hotfire.perturbations.unreadable import Unreadable
from tests.perturbations.points import STEP


def test_the_body_is_no_json_and_all_else_stays() -> None:
    (send,) = Script.of(Unreadable()).requests(STEP)
    (edit,) = send.edits
    assert (edit.part, edit.place, send.retry) == ("content", "", False)
    with pytest.raises(ValueError, match="string"):
        json.loads(edit.value)


def test_each_world_that_judges_runs_it() -> None:
    assert Unreadable.is_reference
    assert Unreadable.shares
    assert "cannot be read" in Unreadable().says()


def test_it_may_be_unreadable_in_another_way() -> None:
    other = Edit(part="content", value="[]")
    perturbation = Unreadable(edits=written([other]), sentence="the body is []")
    (send,) = Script.of(perturbation).requests(STEP)
    assert (send.edits, perturbation.says()) == ((other,), "the body is []")
