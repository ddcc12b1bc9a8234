from hotfire.model.action import FORWARD, Reset
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.lost_reply import LostReply
from tests.perturbations.points import CALL, DONE, OTHERS, STEP, WHERE


def test_cuts_when_the_server_has_done_it() -> None:
    script = Script.of(LostReply(**WHERE))
    assert script.on_call(CALL) == FORWARD
    assert script.on_reply(DONE) == Reset()
    assert not script.gates_calls
    assert script.gates_replies


def test_only_at_its_own_point() -> None:
    script = Script.of(LostReply(**WHERE))
    assert {script.on_reply(other) for other in OTHERS} == {FORWARD}


def test_the_client_sends_it_again() -> None:
    assert Script.of(LostReply(**WHERE)).requests(STEP) == (Send(retry=True),)


def test_in_the_users_words() -> None:
    assert LostReply(**WHERE).says() == "reply lost at COMMIT of INSERT INTO orders"
    of_redis = LostReply(dependency="cache", signature="SET cart:…; EXPIRE cart:…; EXEC")
    assert of_redis.says() == "reply lost at EXEC of SET cart:…, EXPIRE cart:…"
