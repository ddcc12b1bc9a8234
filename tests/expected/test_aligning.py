"""Which element is which, where some are missing, new or changed."""

import pytest

from hotfire.expected.aligning import align


def aligned(expected: str, actual: str, limit: int = 100) -> str:
    """Pairs as "ab": the expected and the actual letter, "-" for none; changed ones in brackets."""
    told = []
    for (row, column), equal in align(
        expected, actual, lambda one, other: one == other, limit, lambda each: each == "*"
    ):
        pair = ("-" if row is None else expected[row]) + ("-" if column is None else actual[column])
        told.append(pair if equal else f"({pair})")
    return " ".join(told)


@pytest.mark.parametrize(
    ("expected", "actual", "pairs"),
    [
        ("", "", ""),
        ("abc", "abc", "aa bb cc"),
        ("abc", "ac", "aa (b-) cc"),
        ("ac", "abc", "aa (-b) cc"),
        ("abc", "axc", "aa (bx) cc"),
        ("abcd", "xbyd", "(ax) bb (cy) dd"),
        ("abc", "", "(a-) (b-) (c-)"),
        ("aab", "ab", "aa (a-) bb"),
        ("abcde", "bcdea", "(a-) bb cc dd ee (-a)"),
        ("*", "", ""),
        ("*", "abc", ""),
        ("a*", "abc", "aa"),
        ("*a", "bca", "aa"),
        ("a*b", "axbyb", "aa bb"),
        ("a*b*c", "abbc", "aa bb cc"),
        ("a*b", "ab", "aa bb"),
        ("a*a", "a", "aa (a-)"),
        ("a*b", "axx", "aa (bx) (-x)"),
        ("a*b", "xxb", "(ax) bb"),
        ("a*bc", "axxcb", "aa (bx) (-x) cc (-b)"),
        ("ab*", "a", "aa (b-)"),
    ],
)
def test_align(expected: str, actual: str, pairs: str) -> None:
    assert aligned(expected, actual) == pairs


def test_beyond_the_limit_the_middle_is_taken_as_changed() -> None:
    assert aligned("abcde", "acbxe", limit=4) == "aa (bc) (cb) (dx) ee"
