"""What a stretch of the change log amounts to: each row that it touches, from the stretch's beginning to its end.

A row version lives at a place (ctid): it is born by an insert or update and dies by an update, delete or truncate.
Births and deaths of one place alternate, so the log's order would tell them apart, but for two things:

- A trigger of the user's may write a row again before the first write is logged: the death of a version then stands
  before its birth. Both are of one transaction.
- A place may be given away again: then the death is of another transaction, which had ended before the birth, for no
  transaction's own dead versions are cleaned up before its end. After a TRUNCATE places begin anew: `epochs` counts.

Places hold until an undo: what it inserts again lies elsewhere. So a stretch that ended is kept as lives, not as log,
and the lives are told of each move.

Pure: lines of the log in, values out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

Place = tuple[int, int]
Moves = dict[tuple[int, Place], Place]
"""(relation, place before) → place after, for what an undo inserted again."""


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


def joined(stretches: Iterable[Sequence[Life]]) -> list[Life]:
    """Stretches that follow one another, as one."""
    whole: list[Life] = []
    for later in stretches:
        heirs: dict[tuple[int, Place | None], Life] = {
            (life.relation, life.old_place): life for life in later if life.old_place
        }
        kept = [_with_heir(life, heirs.pop((life.relation, life.new_place), None)) for life in whole]
        rest = [life for life in later if not life.old_place or (life.relation, life.old_place) in heirs]
        whole = [life for life in kept if life.old_place or life.new_place] + rest
    return sorted(whole, key=lambda life: life.first)


def _with_heir(life: Life, heir: Life | None) -> Life:
    return replace(life, after=heir.after, new_place=heir.new_place) if heir else life


def relocated(stretch: Sequence[Life], moves: Moves) -> list[Life]:
    """A stretch after an undo to its end. Takes out of `moves` what is nobody's of an earlier stretch."""
    return [
        replace(life, new_place=moves.pop((life.relation, life.new_place)))
        if life.new_place and (life.relation, life.new_place) in moves
        else life
        for life in stretch
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What `hotfire.undo` is told: for each line either the place of a row to delete or the image of one to insert.

    `origins` are the places that the images had, line by line; `stayed` are rows that are as they were, elsewhere.
    """

    relations: tuple[int, ...]
    places: tuple[str | None, ...]
    images: tuple[str | None, ...]
    origins: tuple[Place | None, ...]
    stayed: Moves

    def moves(self, lines: Iterable[int], places: Iterable[Place]) -> Moves:
        """Where all went, when the images of `lines` (counted from 1) now lie at `places`."""
        found = dict(self.stayed)
        for line, place in zip(lines, places, strict=True):
            if origin := self.origins[line - 1]:
                found[self.relations[line - 1], origin] = place
        return found


def repair(stretch: Iterable[Life]) -> Repair:
    """How to undo a stretch. Rows that ended as they began are left where they are."""
    lines: list[tuple[int, str | None, str | None, Place | None]] = []
    stayed: Moves = {}
    for life in sorted(stretch, key=lambda life: (life.relation, life.old_place or (0, 0))):
        if life.before == life.after:
            if life.old_place and life.new_place:
                stayed[life.relation, life.old_place] = life.new_place
            continue
        if life.new_place:
            lines.append((life.relation, f"({life.new_place[0]},{life.new_place[1]})", None, None))
        if life.before is not None:
            lines.append((life.relation, None, life.before, life.old_place))
    return Repair(
        relations=tuple(line[0] for line in lines),
        places=tuple(line[1] for line in lines),
        images=tuple(line[2] for line in lines),
        origins=tuple(line[3] for line in lines),
        stayed=stayed,
    )
