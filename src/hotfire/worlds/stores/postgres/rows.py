"""Rows by a number of ours that they keep through undos, for an undo inserts rows again at places of its own choice.

Without it a checkpoint could not be brought back after a later one was: what the change log said of a place would then
be true of another row.

Pure, apart from `Whereabouts`, which is what is remembered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hotfire.worlds.stores.postgres.lives import Life, Place, Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a row in a stretch: its text at both ends, None where it is not there."""

    row: int
    relation: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch, row by row, and where its rows lie at its end (None: gone). `numbered`: the last number given out."""

    fates: tuple[Fate, ...]
    spots: Mapping[int, Spot | None]
    numbered: int


@dataclass(slots=True)
class Whereabouts:
    """Where each numbered row lies at the last checkpoint, or since the last undo; one that is gone has no spot."""

    rows: dict[Spot, int] = field(default_factory=dict)
    spots: dict[int, Spot] = field(default_factory=dict)
    numbered: int = 0

    def passage(self, stretch: Iterable[Life]) -> Passage:
        """Number the rows of a stretch that begins here. Nothing is remembered until `pass_to`."""
        fates: list[Fate] = []
        spots: dict[int, Spot | None] = {}
        numbered = self.numbered
        for life in stretch:
            row = self.rows.get(life.old_spot) if life.old_spot else None
            if row is None:
                row = numbered = numbered + 1
            fates.append(Fate(row=row, relation=life.relation, before=life.before, after=life.after))
            spots[row] = life.new_spot
        return Passage(fates=tuple(fates), spots=spots, numbered=numbered)

    def pass_to(self, spots: Mapping[int, Spot | None], numbered: int) -> None:
        """Remember where these rows lie now."""
        self.numbered = numbered
        for row in spots:
            if old := self.spots.pop(row, None):
                del self.rows[old]
        for row, spot in spots.items():
            if spot:
                self.spots[row], self.rows[spot] = spot, row

    def move(self, relations: Iterable[int], places: Iterable[Place], lie: Iterable[Place]) -> None:
        """Remember where an undo put rows that lay elsewhere; those that have no number need none."""
        spots: dict[int, Spot | None] = {}
        for relation, place, new in zip(relations, places, lie, strict=True):
            if row := self.rows.get((relation, place)):
                spots[row] = (relation, new)
        self.pass_to(spots, self.numbered)


def joined(stretches: Iterable[Iterable[Fate]]) -> list[Fate]:
    """Stretches that follow one another, as one: each row once, in the order in which they first name it."""
    whole: dict[int, Fate] = {}
    for stretch in stretches:
        for fate in stretch:
            earlier = whole.get(fate.row)
            whole[fate.row] = replace(earlier, after=fate.after) if earlier else fate
    return [fate for fate in whole.values() if fate.before is not None or fate.after is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What `hotfire.undo` is told, line by line: the place of a row to delete, or the image of one to insert."""

    rows: tuple[int, ...]
    relations: tuple[int, ...]
    places: tuple[str | None, ...]
    images: tuple[str | None, ...]


def repair(fates: Iterable[Fate], spots: Mapping[int, Spot]) -> Repair:
    """How to undo what became of rows that now lie at `spots`. Those that ended as they began are left alone."""
    lines: list[tuple[Fate, str | None, str | None]] = []
    for fate in sorted(fates, key=lambda fate: (fate.relation, fate.row)):
        if fate.before == fate.after:
            continue
        if fate.after is not None:
            block, offset = spots[fate.row][1]
            lines.append((fate, f"({block},{offset})", None))
        if fate.before is not None:
            lines.append((fate, None, fate.before))
    return Repair(
        rows=tuple(fate.row for fate, _, _ in lines),
        relations=tuple(fate.relation for fate, _, _ in lines),
        places=tuple(place for _, place, _ in lines),
        images=tuple(image for _, _, image in lines),
    )
