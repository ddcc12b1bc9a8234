from hotfire.model.action import FORWARD, Reset
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.refused import Refused
from tests.perturbations.points import CALL, DONE, ELSEWHERE, SECOND, STEP


def test_nothing_of_the_dependency_can_be_had() -> None:
    script = Script.of(Refused(dependency="db"))
    assert script.on_open("db") == Reset()
    assert script.on_call(CALL) == script.on_call(SECOND.call) == Reset()
    assert script.on_reply(DONE) == FORWARD
    assert script.aims


def test_the_others_are_well() -> None:
    script = Script.of(Refused(dependency="db"))
    assert script.on_open("other") == script.on_call(ELSEWHERE.call) == FORWARD


def test_one_request_while_it_is_down_and_one_when_it_is_back() -> None:
    assert Script.of(Refused(dependency="db")).requests(STEP) == (Send(retry=False), Send(undisturbed=True))


def test_in_the_users_words() -> None:
    assert Refused(dependency="db").says() == "db down for the whole request"
