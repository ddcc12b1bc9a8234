from hotfire.model.action import FORWARD, Hold
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.at_once import AtOnce
from tests.perturbations.points import CALL, DONE, OTHERS, STEP, WHERE


def test_the_first_is_held_before_its_write_until_the_second_has_gone_by() -> None:
    script = Script.of(AtOnce(**WHERE))
    assert script.on_call(CALL) == Hold()
    assert script.on_reply(DONE) == FORWARD
    first, second = script.requests(STEP)
    assert first == Send(retry=False)
    assert (second.start, second.process) == ("held", 1)


def test_nobody_sends_again_or_there_would_be_three() -> None:
    assert not any(send.retry for send in AtOnce(**WHERE).requests(STEP))


def test_one_process_serves_both_where_production_has_one() -> None:
    assert [send.process for send in AtOnce(**WHERE, processes=1).requests(STEP)] == [0, 0]


def test_two_of_the_same_role() -> None:
    assert [send.actor for send in AtOnce(**WHERE, peer="bob").requests(STEP)] == ["", "bob"]


def test_only_at_its_own_point() -> None:
    script = Script.of(AtOnce(**WHERE))
    assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}


def test_in_the_users_words() -> None:
    held = "at once, the first held at COMMIT of INSERT INTO orders"
    assert AtOnce(**WHERE).says() == f"sent twice {held}"
    assert AtOnce(**WHERE, peer="bob").says() == f"sent by two (bob too) {held}"
