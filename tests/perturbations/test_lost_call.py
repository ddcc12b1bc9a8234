from hotfire.model.action import FORWARD, Reset
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.lost_call import LostCall
from tests.perturbations.points import CALL, DONE, OTHERS, STEP, WHERE


def test_cuts_before_the_server_sees_it() -> None:
    script = Script.of(LostCall(**WHERE))
    assert script.on_call(CALL) == Reset()
    assert script.on_reply(DONE) == FORWARD
    assert script.gates_calls
    assert not script.gates_replies


def test_only_at_its_own_point() -> None:
    script = Script.of(LostCall(**WHERE))
    assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}


def test_the_client_sends_it_again() -> None:
    assert Script.of(LostCall(**WHERE)).requests(STEP) == (Send(retry=True),)


def test_in_the_users_words() -> None:
    assert LostCall(**WHERE).says() == "call lost at COMMIT of INSERT INTO orders"
