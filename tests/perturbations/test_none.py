from hotfire.model.action import FORWARD
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.none import Undisturbed
from tests.perturbations.points import CALL, DONE, STEP


def test_one_request_that_is_never_sent_again() -> None:
    script = Script.of(Undisturbed())
    assert script.requests(STEP) == (Send(retry=False),)
    assert script.on_call(CALL) == script.on_reply(DONE) == FORWARD
    assert not script.aims
    assert Undisturbed().says() == "undisturbed"
