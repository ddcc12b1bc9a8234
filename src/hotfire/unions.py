"""Groups by what their members have in common: what is alike is of one group, and so is what is like either."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from typing import TypeVar

_T = TypeVar("_T")


def joined(members: Iterable[_T], alike: Callable[[_T, _T], bool]) -> list[list[_T]]:
    """The groups, as members come: each goes behind all groups that it joins, and what it joins goes last.

    `alike` is asked of a member and of one before it.
    """
    groups: list[list[_T]] = []
    for member in members:
        apart: list[list[_T]] = []
        meeting: list[list[_T]] = []
        for group in groups:
            (meeting if any(alike(member, other) for other in group) else apart).append(group)
        groups = [*apart, [*chain.from_iterable(meeting), member]]
    return groups


def grouped(members: Sequence[_T], marks: Callable[[_T], Iterable[Hashable]]) -> list[list[_T]]:
    """Those that share a mark, each group in its members' order; groups come in the order of their first members."""
    marked = [set(marks(member)) for member in members]
    groups = joined(range(len(members)), lambda one, other: bool(marked[one] & marked[other]))
    return [[members[number] for number in group] for group in sorted(map(sorted, groups))]
