"""What a stretch of the change log amounts to: each row that it touches, from the stretch's beginning to its end.

A row version lives at a place (ctid): it is born by an insert or update and dies by an update, delete or truncate.
Births and deaths of one place alternate, so the log's order would tell them apart, but for two things:

- A trigger of the user's may write a row again before the first write is logged: the death of a version then stands
  before its birth. Both are of one transaction.
- A place may be given away again: then the death is of another transaction, which had ended before the birth, for no
  transaction's own dead versions are cleaned up before its end. After a TRUNCATE places begin anew: `epochs` counts.

A place names a row only until the next undo: see `rows.py`.

Pure: lines of the log in, values out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[int, int]
"""Block and offset: a row version's ctid."""
Spot = tuple[int, Place]
"""A relation and a place in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the change log; a place is (block, offset) of a row version, a row is the server's text of it."""

    number: int
    operation: str
    relation: int
    old_place: Place | None = None
    new_place: Place | None = None
    old_row: str | None = None
    new_row: str | None = None
    transaction: int = 0
    connection: int = 0
    instant: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A row at both ends of a stretch: its text and its place, None where it is not there. `first`: its first line."""

    first: int
    relation: int
    before: str | None
    after: str | None
    old_place: Place | None
    new_place: Place | None

    @property
    def old_spot(self) -> Spot | None:
        """Where it lay at the beginning."""
        return (self.relation, self.old_place) if self.old_place else None

    @property
    def new_spot(self) -> Spot | None:
        """Where it lies at the end."""
        return (self.relation, self.new_place) if self.new_place else None


@dataclass(slots=True, eq=False)
class _Version:
    """One row version and the entries of its birth (none: it was there before) and death (none: it is there now)."""

    place: Place
    birth: Entry | None = None
    death: Entry | None = None
    heir: "_Version | None" = None
    inherits: bool = False


def lives(log: Iterable[Entry]) -> list[Life]:
    """Each row that is there at either end of the stretch, once, in the order in which the log first names it."""
    places: defaultdict[tuple[int, int, Place], list[_Version]] = defaultdict(list)
    epochs: defaultdict[int, int] = defaultdict(int)
    for entry in log:
        epoch = epochs[entry.relation]
        if entry.operation == "truncate":
            epochs[entry.relation] += 1
        old = entry.old_place and _dying(places[entry.relation, epoch, entry.old_place], entry, entry.old_place)
        new = entry.new_place and _born(places[entry.relation, epoch, entry.new_place], entry, entry.new_place)
        if old and new:
            old.heir, new.inherits = new, True
    heads = [version for versions in places.values() for version in versions if not version.inherits]
    found = [life for head in heads if (life := _follow(head))]
    return sorted(found, key=lambda life: life.first)


def _dying(versions: list[_Version], entry: Entry, place: Place) -> _Version:
    if not versions or versions[-1].death:
        versions.append(_Version(place))
    versions[-1].death = entry
    return versions[-1]


def _born(versions: list[_Version], entry: Entry, place: Place) -> _Version:
    last = versions[-1] if versions else None
    if last and not last.birth and last.death and last.death.transaction == entry.transaction:
        last.birth = entry
        return last
    versions.append(_Version(place, birth=entry))
    return versions[-1]


def _follow(head: _Version) -> Life | None:
    """The life of a row from its first version; None where it was born and died within the stretch."""
    tail = head
    while tail.heir:
        tail = tail.heir
    lines = [entry for entry in (head.birth, head.death) if entry]
    there = tail.birth if not tail.death else None
    if head.birth and not there:
        return None
    return Life(
        first=min(line.number for line in lines),
        relation=lines[0].relation,
        before=head.death.old_row if head.death and not head.birth else None,
        after=there.new_row if there else None,
        old_place=None if head.birth else head.place,
        new_place=tail.place if there else None,
    )
