from hotfire.model.perturbation import Borrowed
from hotfire.perturbations.at_peers import AtPeers
from tests.perturbations.points import STEP


def test_its_own_actor_sends_it_with_what_the_peer_lends() -> None:
    (send,) = AtPeers(peer="bob", part="body", place="/address").requests(STEP)
    assert send.sender(STEP) == STEP.actor
    assert send.borrowed == Borrowed(actor="bob", part="body", place="/address")


def test_in_the_users_words() -> None:
    assert AtPeers(peer="bob", part="path", place="1").says() == "sent with bob's value in the path at 1"
