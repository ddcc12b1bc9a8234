"""Groups by what their members have in common: two that share a mark are of one group, and so is what either shares."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def grouped(members: Sequence[_T], marks: Callable[[_T], Iterable[Hashable]]) -> list[list[_T]]:
    """The groups, each in its members' order; they come in the order of their first members."""
    groups: list[list[int]] = []
    marked: list[set[Hashable]] = []
    for index, member in enumerate(members):
        own = set(marks(member))
        meeting = [each for each, theirs in enumerate(marked) if own & theirs]
        joined = sorted([index, *(number for each in meeting for number in groups[each])])
        own = own.union(*(marked[each] for each in meeting))
        groups = [*(group for each, group in enumerate(groups) if each not in meeting), joined]
        marked = [*(theirs for each, theirs in enumerate(marked) if each not in meeting), own]
    return [[members[number] for number in group] for group in sorted(groups)]
