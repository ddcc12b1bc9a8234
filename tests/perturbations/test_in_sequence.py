from hotfire.model.action import FORWARD
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.in_sequence import InSequence
from tests.perturbations.points import CALL, DONE, STEP


def test_the_same_request_twice_the_second_after_the_first() -> None:
    script = Script.of(InSequence())
    assert script.requests(STEP) == (Send(), Send())
    assert {send.start for send in script.requests(STEP)} == {"after"}
    assert script.on_call(CALL) == script.on_reply(DONE) == FORWARD


def test_it_has_no_point_that_could_be_missed() -> None:
    assert not Script.of(InSequence()).aims


def test_two_of_the_same_role_in_either_order() -> None:
    assert [send.actor for send in InSequence(peer="bob").requests(STEP)] == ["", "bob"]
    assert [send.actor for send in InSequence(peer="bob", peer_first=True).requests(STEP)] == ["bob", ""]


def test_in_the_users_words() -> None:
    assert InSequence().says() == "sent twice, one after the other"
    assert InSequence(peer="bob").says() == "sent once more, by bob"
