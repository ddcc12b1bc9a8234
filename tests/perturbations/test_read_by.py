from hotfire.perturbations.read_by import ReadBy
from tests.perturbations.points import STEP

READ = "ann GET /orders/{id} #1"


def test_first_by_its_own_actor_then_by_the_other() -> None:
    sends = ReadBy(read=READ, actor="bob").requests(STEP)
    assert [(send.step, send.actor, send.credential) for send in sends] == [(READ, "", ""), (READ, "bob", "")]


def test_or_by_nobody() -> None:
    assert ReadBy(read=READ).requests(STEP)[1].credential == "none"


def test_in_the_users_words() -> None:
    assert ReadBy(read=READ, actor="bob").says() == "GET /orders/{id} read by bob at this moment"
    assert ReadBy(read=READ).says() == "GET /orders/{id} read by nobody at this moment"
