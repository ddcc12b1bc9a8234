"""Where sequences are moved to, so that no two generated numbers are equal by chance. DESIGN section 6, the oracle.

Pure: positions in, positions out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SPACING = 1_000_000
WIDE = 2**31 - 1  # what an integer column holds
NARROW_USE = 0.8  # of a small type's numbers, what the ranges take together


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence: its place in pg_class, its name, where it stands, and the greatest number that fits its column."""

    oid: int
    name: str
    last: int
    increment: int
    least: int
    limit: int


def spread(sequences: Iterable[Sequence], first: int = 1) -> dict[int, int]:
    """A range of its own for each sequence: oid → the number that its next value follows.

    The first range is the one of number `first`: the stores of one world each have theirs.

    In order of the names, SPACING apart, above what is in use; closer together where a column is small. A sequence that
    counts down, or has no room left, stays where it is.
    """
    rising = sorted((s for s in sequences if s.increment > 0), key=lambda s: s.name)
    wide = [s for s in rising if s.limit >= WIDE]
    narrow = [s for s in rising if s.limit < WIDE]
    spacing = min(SPACING, WIDE // (len(wide) + 2))
    return _slots(wide, spacing, first) | _share(narrow)


def _slots(sequences: list[Sequence], spacing: int, first: int) -> dict[int, int]:
    moved: dict[int, int] = {}
    taken: set[int] = set()
    for number, sequence in enumerate(sequences, start=first):
        slot = max(number, sequence.last // spacing + 1)
        while slot in taken:
            slot += 1
        taken.add(slot)
        if slot * spacing + spacing <= sequence.limit:
            moved[sequence.oid] = slot * spacing
    return moved


def _share(sequences: list[Sequence]) -> dict[int, int]:
    moved: dict[int, int] = {}
    for number, sequence in enumerate(sequences, start=1):
        room = sequence.limit - sequence.least
        base = sequence.least + int(room * NARROW_USE) * number // (len(sequences) + 1)
        if base > sequence.last:
            moved[sequence.oid] = base
    return moved


def advanced(sequence: Sequence, prime: int) -> int:
    """Where a sequence stands after it was moved on: by `prime` steps, or by a few where there is little room."""
    steps = prime
    room = (sequence.limit - sequence.last if sequence.increment > 0 else sequence.last - sequence.least) // abs(
        sequence.increment
    )
    if steps > room // 8:
        steps = prime % 13 + 1 if room > 8 * 14 else 0
    return sequence.last + steps * sequence.increment
