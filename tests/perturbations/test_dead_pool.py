from hotfire.model.perturbation import Script
from hotfire.perturbations.dead_pool import DeadPool
from tests.perturbations.points import STEP


def test_warmed_then_cut_then_as_many_as_the_pool_is_large_and_one_more() -> None:
    script = Script.of(DeadPool(dependency="db", connections=3))
    assert [send.cuts for send in script.requests(STEP)] == ["", "db", "", "", ""]
    assert not any(send.retry for send in script.requests(STEP))
    assert not script.aims


def test_in_the_users_words() -> None:
    assert DeadPool(dependency="db").says() == "db: every open connection ended between two requests"
