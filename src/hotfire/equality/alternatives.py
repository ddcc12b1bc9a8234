"""Names that a storage makes up where the wanted one is taken: `train_ZbF9K49.txt` beside `train.txt`.

They come only when a step is sent twice, so that no clean run of it tells that they are generated.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from hotfire.equality.atoms import words
from hotfire.equality.noise import Column, Noise
from hotfire.equality.record import Record

_MADE_UP = re.compile(r"[-_. ]?[A-Za-z0-9]{6,36}\Z")  # Django's seven letters, tempfile's eight, a UUID
_LONGEST = 500


def with_alternatives(noise: Noise, clean: Iterable[Sequence[Record]], runs: Iterable[Sequence[Record]]) -> Noise:
    """The noise of the clean runs of a step, with the columns that hold alternative names in other runs of it."""
    known: dict[str, set[str]] = {}
    for column, value in _values(clean, noise.columns):
        known.setdefault(column, set()).add(value)
    columns: dict[str, Column] = {}
    for column, value in _values(runs, noise.columns):
        wanted = known.get(column, set())
        if value not in wanted and any(_is_alternative(value, name) for name in wanted):
            told = words(value) & {word for name in wanted for word in words(name)}
            columns[column] = Column(reads="value", single=False, constants=frozenset(wanted), words=frozenset(told))
    return replace(noise, columns={**columns, **noise.columns}) if columns else noise


def _values(runs: Iterable[Sequence[Record]], generated: Mapping[str, Column]) -> Iterable[tuple[str, str]]:
    return (
        (cell.column, cell.value)
        for records in runs
        for record in records
        for cell in record.cells
        if cell.value and len(cell.value) <= _LONGEST and cell.column not in generated
    )


def _is_alternative(value: str, name: str) -> bool:
    """Whether a value is a name with a made-up part put in."""
    begins = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(value, name, strict=False)))
    ends = len(name) - begins
    if len(value) <= len(name) or not begins or value[len(value) - ends :] != name[begins:]:
        return False
    return _MADE_UP.match(value[begins : len(value) - ends]) is not None
