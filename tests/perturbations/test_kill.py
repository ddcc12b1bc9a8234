from hotfire.model.action import FORWARD, Signal
from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.kill import Kill
from tests.perturbations.points import CALL, DONE, OTHERS, STEP, WHERE

KILL = Signal(name="SIGKILL", forward=False)


def test_before_the_server_has_the_call() -> None:
    script = Script.of(Kill(**WHERE, when="before"))
    assert script.on_call(CALL) == KILL
    assert script.on_reply(DONE) == FORWARD


def test_after_the_server_has_done_it() -> None:
    script = Script.of(Kill(**WHERE))
    assert script.on_call(CALL) == FORWARD
    assert script.on_reply(DONE) == KILL


def test_only_at_its_own_point() -> None:
    for when in ("before", "after"):
        script = Script.of(Kill(**WHERE, when=when))
        assert {script.on_call(other.call) for other in OTHERS} == {FORWARD}
        assert {script.on_reply(other) for other in OTHERS} == {FORWARD}


def test_the_client_sends_it_again() -> None:
    script = Script.of(Kill(**WHERE))
    assert script.requests(STEP) == (Send(retry=True),)
    assert script.aims


def test_in_the_users_words() -> None:
    assert Kill(**WHERE).says() == "killed after COMMIT of INSERT INTO orders"
    assert Kill(**WHERE, occurrence=2, when="before").says() == "killed before COMMIT of INSERT INTO orders (no. 2)"
