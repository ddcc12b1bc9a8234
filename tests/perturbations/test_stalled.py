from hotfire.model.action import FORWARD, Drop
from hotfire.model.perturbation import THEN_RECOVERS, Script
from hotfire.perturbations.stalled import Stalled
from tests.perturbations.points import CALL, ELSEWHERE, OTHERS, SECOND, STEP, WHERE


def test_a_whole_dependency_answers_nothing() -> None:
    script = Script.of(Stalled(dependency="db"))
    assert script.on_open("db") == script.on_call(CALL) == script.on_call(SECOND.call) == Drop()
    assert script.on_open("other") == script.on_call(ELSEWHERE.call) == FORWARD


def test_one_call_is_not_answered() -> None:
    script = Script.of(Stalled(**WHERE))
    assert script.on_call(CALL) == Drop()
    assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}
    assert script.on_open("db") == FORWARD
    assert script.requests(STEP) == THEN_RECOVERS


def test_it_mostly_waits() -> None:
    assert Stalled.waits


def test_in_the_users_words() -> None:
    assert Stalled(dependency="db").says() == "db: no answer to anything"
    assert Stalled(**WHERE).says() == "db: no answer to COMMIT of INSERT INTO orders"
