from hotfire.model.perturbation import Script, Send
from hotfire.perturbations.by_other import ByOther
from tests.perturbations.points import STEP


def test_the_same_request_once_by_the_other_and_never_again() -> None:
    assert ByOther(actor="bob").requests(STEP) == (Send(actor="bob", retry=False, once=True),)
    assert ByOther(actor="bob").requests(STEP)[0].sender(STEP) == "bob"


def test_it_has_no_point_and_others_are_judged_against_it() -> None:
    assert not Script.of(ByOther(actor="bob")).aims
    assert ByOther.is_reference


def test_in_the_users_words() -> None:
    assert ByOther(actor="bob").says() == "sent by bob"
