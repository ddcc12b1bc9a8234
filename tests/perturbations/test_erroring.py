from hotfire.model.action import FORWARD, Answer
from hotfire.model.perturbation import THEN_RECOVERS, Script
from hotfire.perturbations.erroring import ERRORS, Erroring
from hotfire.worlds.dependencies import kinds
from tests.perturbations.points import CALL, OTHERS, STEP, WHERE


def test_the_servers_own_error_at_its_own_point_only() -> None:
    script = Script.of(Erroring(**WHERE, code="57014"))
    assert script.on_call(CALL) == Answer(code="57014", message="canceling statement due to statement timeout")
    assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}
    assert script.requests(STEP) == THEN_RECOVERS


def test_each_kind_that_answers_calls_has_an_error_of_its_own() -> None:
    assert {"postgres", "sqlite", "smtp"} <= set(ERRORS) & set(kinds())
    assert len({code for code, _ in ERRORS.values()}) == len(ERRORS)


def test_in_the_users_words() -> None:
    assert Erroring(**WHERE, code="57014").says() == "db: error 57014 at COMMIT of INSERT INTO orders"
