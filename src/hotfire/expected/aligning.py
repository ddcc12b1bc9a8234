"""Which element of what is there is which expected one, where some are missing, new, or other than expected."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

_Wanted = TypeVar("_Wanted")
_Actual = TypeVar("_Actual")

Pair = tuple[int | None, int | None]
"""Index of the expected element and of the actual one; None: missing, or new."""


def align(
    expected: Sequence[_Wanted],
    actual: Sequence[_Actual],
    same: Callable[[_Wanted, _Actual], bool],
    limit: int,
    is_gap: Callable[[_Wanted], bool] = lambda _: False,
) -> Iterator[tuple[Pair, bool]]:
    """Pairs in order, each with whether it is equal; as many equal ones as can be (a longest common subsequence).

    Between equal ones, what is left on both sides is paired in order: it was changed. Where more than `limit` pairs of
    elements would have to be looked at, all that is between the equal beginning and the equal end is taken as changed.
    A gap stands for any number of elements, also none: neither it nor what fills it is in a pair.
    """
    solid = [index for index, each in enumerate(expected) if not is_gap(each)]
    if len(solid) == len(expected):
        yield from _aligned(expected, actual, same, limit)
        return
    if (whole := _stretched(expected, actual, same, solid)) is not None:
        yield from ((pair, True) for pair in whole)
        return
    last = -1
    for (row, column), equal in _aligned([expected[index] for index in solid], actual, same, limit):
        last = last if row is None else solid[row]
        if row is not None or not (last + 1 < len(expected) and is_gap(expected[last + 1])):
            yield (None if row is None else last, column), equal


def _stretched(
    expected: Sequence[_Wanted],
    actual: Sequence[_Actual],
    same: Callable[[_Wanted, _Actual], bool],
    solid: Sequence[int],
) -> list[Pair] | None:
    """What stands between the gaps, each part as early as it can; None where something is missing."""
    edges = [-1, *sorted(set(range(len(expected))).difference(solid)), len(expected)]
    pairs: list[Pair] = []
    begin = 0
    for before, after in pairwise(edges):
        part = expected[before + 1 : after]
        last = len(actual) - len(part)
        first = max(begin, last) if after == len(expected) else begin
        places = range(first, (last if before >= 0 else min(last, 0)) + 1)
        found = next((at for at in places if all(map(same, part, actual[at : at + len(part)]))), None)
        if found is None:
            return None
        pairs += ((before + 1 + offset, found + offset) for offset in range(len(part)))
        begin = found + len(part)
    return pairs


def _aligned(
    expected: Sequence[_Wanted], actual: Sequence[_Actual], same: Callable[[_Wanted, _Actual], bool], limit: int
) -> Iterator[tuple[Pair, bool]]:
    begin = 0
    while begin < min(len(expected), len(actual)) and same(expected[begin], actual[begin]):
        yield (begin, begin), True
        begin += 1
    end = 0
    while end < min(len(expected), len(actual)) - begin and same(expected[-1 - end], actual[-1 - end]):
        end += 1
    rows, columns = range(begin, len(expected) - end), range(begin, len(actual) - end)
    equal = _common(expected, actual, same, rows, columns) if len(rows) * len(columns) <= limit else []
    i, j = begin, begin
    for row, column in [*equal, (rows.stop, columns.stop)]:
        yield from ((pair, False) for pair in _between(range(i, row), range(j, column)))
        if row < rows.stop or column < columns.stop:
            yield (row, column), True
        i, j = row + 1, column + 1
    for back in range(end, 0, -1):
        yield (len(expected) - back, len(actual) - back), True


def _between(rows: range, columns: range) -> Iterator[Pair]:
    for offset in range(max(len(rows), len(columns))):
        yield (
            rows[offset] if offset < len(rows) else None,
            columns[offset] if offset < len(columns) else None,
        )


def _common(
    expected: Sequence[_Wanted],
    actual: Sequence[_Actual],
    same: Callable[[_Wanted, _Actual], bool],
    rows: range,
    columns: range,
) -> list[tuple[int, int]]:
    """The longest common subsequence of two ranges, as pairs of indices (the textbook's table)."""
    table = [[0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    agree = [[same(expected[row], actual[column]) for column in columns] for row in rows]
    for i in reversed(range(len(rows))):
        for j in reversed(range(len(columns))):
            table[i][j] = 1 + table[i + 1][j + 1] if agree[i][j] else max(table[i + 1][j], table[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(rows) and j < len(columns):
        if agree[i][j]:
            found.append((rows[i], columns[j]))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
