"""What becomes of files that are there already."""

from dataclasses import replace

from hotfire.expected import Expected, holding, keep
from tests.expected.plays import RUNS, answered, both, learned, serial


def first(run: int) -> dict[str, object]:
    return {"id": serial(run), "version": "1.2"}


OLD = both(lambda run: answered(first(run)), lambda run: answered({"post": serial(run)}))
PLAYS = [[answered(first(run)), answered({"post": serial(run)})] for run in range(RUNS)]


def test_each_step_is_held_to_its_own_given_those_before() -> None:
    assert holding(OLD, PLAYS) == [True, True]
    assert holding([None, OLD[1]], PLAYS) == [False, True]
    wrong = [[answered(first(run)), answered({"post": serial(run) + 1})] for run in range(RUNS)]
    assert holding(OLD, wrong) == [True, False]


def test_a_placeholder_that_a_person_has_widened_stays() -> None:
    widened = replace(OLD[0], body=OLD[0].body.replace("1.2", "<any>"), reviewed="2026-11-28 ann")
    assert keep([widened, None], OLD, PLAYS) == [widened, OLD[1]]
    assert keep([replace(OLD[0], status=201), None], OLD, PLAYS) == list(OLD)


def test_one_name_for_two_values_is_never_left() -> None:
    plays = [
        [answered({"id": serial(run)}), answered({"post": serial(run), "id": serial(run) + 7})] for run in range(RUNS)
    ]
    kept = learned(lambda run: answered({"id": serial(run)}))
    named = replace(kept, body='{"id": <id:show>}')
    new: list[Expected | str] = [kept, replace(kept, body='{"post": <id>, "id": <id:show>}')]
    assert keep([named, None], new, plays) == new
