from hotfire.model.action import FORWARD, Delay
from hotfire.model.perturbation import THEN_RECOVERS, Script
from hotfire.perturbations.slow import Slow
from tests.perturbations.points import CALL, OTHERS, STEP, WHERE


def test_passes_it_on_later_at_its_own_point_only() -> None:
    script = Script.of(Slow(**WHERE, seconds=2.5))
    assert script.on_call(CALL) == Delay(seconds=2.5)
    assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}
    assert script.requests(STEP) == THEN_RECOVERS


def test_it_mostly_waits() -> None:
    assert Slow.waits


def test_in_the_users_words() -> None:
    assert Slow(**WHERE, seconds=2.5).says() == "db: 2.5 s slower at COMMIT of INSERT INTO orders"
