from hotfire.model.action import FORWARD, Hold
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.client_gone import ClientGone
from tests.perturbations.points import CALL, DONE, OTHERS, STEP, WHERE


def test_hangs_up_while_the_reply_is_held() -> None:
    script = Script.of(ClientGone(**WHERE))
    assert script.on_call(CALL) == FORWARD
    assert script.on_reply(DONE) == Hold()
    assert script.requests(STEP) == (Send(hang_up=True, retry=False),)


def test_comes_back_with_the_same_request() -> None:
    assert Script.of(ClientGone(**WHERE, again=True)).requests(STEP) == (Send(hang_up=True, retry=True),)


def test_only_at_its_own_point() -> None:
    script = Script.of(ClientGone(**WHERE))
    assert {script.on_reply(other) for other in OTHERS} == {FORWARD}


def test_in_the_users_words() -> None:
    assert ClientGone(**WHERE).says() == "client gone after COMMIT of INSERT INTO orders"
    assert ClientGone(**WHERE, again=True).says().endswith(", and back with the same request")
