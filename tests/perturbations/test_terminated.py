from hotfire.model.action import FORWARD, Signal
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.terminated import Terminated
from tests.perturbations.points import CALL, DONE, OTHERS, STEP, WHERE


def test_told_to_end_when_the_server_has_done_it_and_the_reply_still_passes() -> None:
    script = Script.of(Terminated(**WHERE))
    assert script.on_call(CALL) == FORWARD
    assert script.on_reply(DONE) == Signal(name="SIGTERM", forward=True)


def test_only_at_its_own_point() -> None:
    script = Script.of(Terminated(**WHERE))
    assert {script.on_reply(other) for other in OTHERS} == {FORWARD}


def test_a_client_without_an_answer_sends_it_again() -> None:
    assert Script.of(Terminated(**WHERE)).requests(STEP) == (Send(retry=True),)


def test_in_the_users_words() -> None:
    assert Terminated(**WHERE).says() == "SIGTERM after COMMIT of INSERT INTO orders"
