from hotfire.perturbations.read_by import ReadBy
from tests.perturbations.points import STEP

READ = "ann GET /orders/{id} #1"


def test_first_by_the_other_for_what_opens_once_is_gone_afterwards() -> None:
    sends = ReadBy(read=READ, actor="bob").requests(STEP)
    assert [(send.step, send.actor, send.credential) for send in sends] == [(READ, "bob", ""), (READ, "", "")]


def test_the_steps_own_request_goes_to_its_own_actor_first_as_a_cache_would_keep_it() -> None:
    sends = ReadBy(read=STEP.key, actor="bob").requests(STEP)
    assert [(send.step, send.actor) for send in sends] == [(STEP.key, ""), (STEP.key, "bob")]


def test_or_by_nobody() -> None:
    assert ReadBy(read=READ).requests(STEP)[0].credential == "none"


def test_in_the_users_words() -> None:
    assert ReadBy(read=READ, actor="bob").says() == "GET /orders/{id} read by bob at this moment"
    assert ReadBy(read=READ).says() == "GET /orders/{id} read by nobody at this moment"
