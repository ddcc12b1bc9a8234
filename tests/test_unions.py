"""Groups by what their members have in common."""

from hotfire.unions import grouped


def test_a_chain_of_shared_letters_is_one_group() -> None:
    assert grouped(["ab", "cd", "xy", "bc"], set) == [["ab", "cd", "bc"], ["xy"]]


def test_nothing_in_common_and_nothing_at_all() -> None:
    assert grouped(["a", "b"], set) == [["a"], ["b"]]
    assert grouped([], set) == []
