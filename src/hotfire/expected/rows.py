"""The lines of several runs side by side, where some have more of them than others.

What all runs have, in one order, is a row. What only some have is a gap, and so are the rows beside it that are made
like it: of a list that holds two entries here and three there, nothing says that it always holds two.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

Row = tuple[str, ...]
"""One line as each run has it."""

_Gap = set[str]
"""How the lines are made that stand there."""

_MADE_UP = re.compile(r"[A-Za-z0-9_]*\d[A-Za-z0-9_]*")
_WORD = re.compile(r"\w+")
_MOST: Final = 4_000_000  # pairs of lines: a text of two thousand


def rows_of(runs: Sequence[Sequence[str]]) -> list[Row | None]:
    """The rows in their order; None for a gap, which stands for any number of lines."""
    first, *others = runs
    if all(list(map(margin, run)) == list(map(margin, first)) for run in others):
        return list(zip(*runs, strict=True))
    if any(len(run) * len(first) > _MOST for run in others):
        return [None]
    places = [_places(first, run) for run in runs]
    steady = [index for index in range(len(first)) if all(index in of for of in places)]
    found: list[int | _Gap] = []
    for before, after in pairwise([-1, *steady, len(first)]):
        between = [line for run, of in zip(runs, places, strict=True) for line in _between(run, of, before, after)]
        if between:
            found.append({_made(line) for line in between})
        if after < len(first):
            found.append(after)
    return [_row(runs, places, each) if isinstance(each, int) else None for each in _widened(found, first)]


def margin(line: str) -> str:
    """The blanks that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def _places(first: Sequence[str], run: Sequence[str]) -> Mapping[int, int]:
    """Which line of a run is which of the first one."""
    ours, theirs = ([_MADE_UP.sub("0", line) for line in lines] for lines in (first, run))
    found: dict[int, int] = {}
    for what, begin, end, there, until in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if what == "equal" or (what == "replace" and end - begin == until - there):
            pairs = zip(range(begin, end), range(there, until), strict=True)
            found |= {one: other for one, other in pairs if _made(first[one]) == _made(run[other])}
    return found


def _made(line: str) -> str:
    """How a line is made: which element it begins, where it stands; of a text, where its words stand."""
    plain = line.lstrip()
    return margin(line) + (plain.partition(" ")[0].rstrip(">") if plain.startswith("<") else _WORD.sub("w", plain))


def _between(run: Sequence[str], places: Mapping[int, int], before: int, after: int) -> Sequence[str]:
    """The lines of a run between two lines of the first one."""
    begin = places[before] + 1 if before >= 0 else 0
    return run[begin : places.get(after, len(run))]


def _widened(parts: Sequence[int | _Gap], first: Sequence[str]) -> list[int | _Gap]:
    """A gap takes in what stands beside it and is made like what is in it."""
    found: list[int | _Gap] = []
    for part in parts:
        if isinstance(part, int):
            if not (found and isinstance(last := found[-1], set) and _made(first[part]) in last):
                found.append(part)
            continue
        made = set(part)
        while found and (isinstance(last := found[-1], set) or _made(first[last]) in made):
            made |= last if isinstance(last, set) else set()
            found.pop()
        found.append(made)
    return found


def _row(runs: Sequence[Sequence[str]], places: Sequence[Mapping[int, int]], index: int) -> Row:
    return tuple(run[of[index]] for run, of in zip(runs, places, strict=True))
