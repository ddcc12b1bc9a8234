"""What a peer's request lends: the value that stands at the place, where it is another one."""

from hotfire.model.edit import Edit
from hotfire.model.perturbation import Borrowed
from hotfire.worlds.driver.http import Request
from hotfire.worlds.lending import Lent, difference

AT = Borrowed(actor="bob", part="path", place="1", occurrence=1)


def to(target: str) -> Request:
    return Request(method="GET", target=target, headers=(), body=b"")


def test_another_value_is_lent():
    lent = difference(to("/orgs/7"), to("/orgs/5"), AT)
    assert lent == Lent(edit=Edit(part="path", place="1", value="7"))


def test_the_same_value_is_no_trouble_and_nothing_to_try():
    assert difference(to("/orgs/5?page=2"), to("/orgs/5"), AT) == Lent()


def test_a_place_that_is_not_there_is_told():
    assert difference(to("/orgs"), to("/orgs/5"), AT).trouble == "bob's request has nothing in the path at 1"
