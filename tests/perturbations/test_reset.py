from hotfire.model.action import FORWARD, Reset
from hotfire.model.perturbation import THEN_RECOVERS, Script
from hotfire.perturbations.reset import ResetAt
from tests.perturbations.points import CALL, OTHERS, STEP, WHERE


def test_cuts_at_its_own_point_only() -> None:
    script = Script.of(ResetAt(**WHERE))
    assert script.on_call(CALL) == Reset()
    assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}
    assert script.on_open("db") == FORWARD


def test_nobody_retries_before_the_fault_is_gone() -> None:
    assert Script.of(ResetAt(**WHERE)).requests(STEP) == THEN_RECOVERS


def test_in_the_users_words() -> None:
    assert ResetAt(**WHERE).says() == "db: connection reset at COMMIT of INSERT INTO orders"
