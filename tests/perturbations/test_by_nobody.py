from hotfire.perturbations.by_nobody import ByNobody
from tests.perturbations.points import STEP


def test_once_without_a_credential_or_with_one_that_is_none() -> None:
    assert [send.credential for send in ByNobody().requests(STEP)] == ["none"]
    assert [send.credential for send in ByNobody(broken=True).requests(STEP)] == ["broken"]


def test_whoever_has_no_credential_is_nobody() -> None:
    assert {ByNobody(broken=broken).requests(STEP)[0].sender(STEP) for broken in (True, False)} == {"nobody"}


def test_in_the_users_words() -> None:
    assert ByNobody().says() == "sent without a credential"
    assert ByNobody(broken=True).says() == "sent with a broken credential"
