"""What is generated, learned from clean runs: each column whose values differ, and how its values read.

constant    stands in every clean run, or stood there before: compared as it is, also in a generated column
instant     a moment near the run: null or not; far ones (a month ahead) must keep their distance
measure     a number with a fraction, an interval, a signed text that runs of one second share: null or not
value       an id, a token, a text made with them: a node (graph.py)
"""

import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

from hotfire.equality import reading
from hotfire.equality.record import Record

Reads = Literal["instant", "measure", "value"]
Tally = Counter[str]

_RANGE = 1_000_000  # how far apart the sequences' own ranges lie
_SAME_TIME = 86_400.0  # instants of one column in clean runs: within a day of each other
_STEADY = 3_600.0  # an instant's distance from its run's start agrees in clean runs within an hour
_KEPT = 6 * 3_600.0  # a trial's retry may come later; half a day off is another date
ENOUGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What was learned of one generated column.

    What holds for one value holds for the column, as an id has six digits in one run and seven in the next.
    whole       every generated value was an integer.
    long        each was too long to equal another by chance; else only the columns of one class share their values.
    single      each was one value, none a text or URL with values in it.
    tie         the class, "" for none.
    words       those that stand in every clean run's text.
    distances   those of instants from their run's first, in seconds, where steady.
    coarse      runs of one second agree in it: a run in the second of the step before leaves what was there.
    """

    reads: Reads
    constants: frozenset[str] = frozenset()
    whole: bool = False
    long: bool = True
    single: bool = True
    tie: str = ""
    words: frozenset[str] = frozenset()
    distances: tuple[float, ...] = ()
    coarse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What was learned of all. `unstable` are columns that differ and yet are not generated: name → values seen."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    constants: frozenset[str] = frozenset()
    unstable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def learn(
    runs: Sequence[Sequence[Record]], types: Mapping[str, str], constants: Collection[str], known: Noise
) -> Noise:
    """Learn from clean runs, given as records; what is `known` already stays.

    `types` maps "table.column" to the server's name of its type, `constants` are values that are never generated.
    """
    tallies = [_tally(records) for records in runs]
    before = _before(runs)
    columns: dict[str, Column] = {}
    generated: dict[str, list[Tally]] = {}
    for name in sorted({name for tally in tallies for name in tally}):
        values = [tally.get(name, Counter()) for tally in tallies]
        if name in known.columns or all(each == values[0] for each in values):
            continue
        fixed = _settled(values) | set(constants)
        columns[name] = _column(values, fixed, before.get(name, set()), types.get(name, "").lower())
        generated[name] = [_without(each, columns[name].constants) for each in values]
    unstable = {
        name: _sample(generated[name])
        for name, column in columns.items()
        if column.reads == "value" and _unstable(generated[name])
    }
    ties = _ties(
        {name: generated[name] for name, column in columns.items() if column.reads == "value" and not column.long}
    )
    columns = {name: replace(column, tie=ties.get(name, "")) for name, column in columns.items()}
    merged = {**columns, **known.columns}
    apart = [distances(records, merged) for records in runs] if len(runs) >= ENOUGH else []
    steady = {name: _steady([each.get(name, ()) for each in apart]) for name in columns}
    return Noise(
        columns={
            name: replace(column, distances=steady.get(name, column.distances)) for name, column in merged.items()
        },
        constants=known.constants | frozenset(constants),
        unstable={**unstable, **known.unstable},
    )


def _tally(records: Iterable[Record]) -> dict[str, Tally]:
    values: dict[str, list[str]] = {}
    for record in records:
        for cell in record.cells:
            if cell.value is not None:
                values.setdefault(cell.column, []).append(cell.value)
    return {name: Counter(found) for name, found in values.items()}


def _before(runs: Iterable[Iterable[Record]]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for records in runs:
        for record in records:
            for cell in record.before:
                if cell.value is not None:
                    values.setdefault(cell.column, set()).add(cell.value)
    return values


def _settled(values: Sequence[Tally]) -> set[str]:
    """What stands in every run, but for numbers of a sequence whose windows overlap in the runs.

    A number from before is smaller than all that its sequence gives later; one at or above a number that only some
    runs have, and in its range, was given by the same sequence.
    """
    common = set.intersection(*(set(each) for each in values))
    others = sorted(int(v) for v in set().union(*values) - common if reading.INTEGER.match(v))
    return {value for value in common if not _in_window(value, others)}


def _in_window(value: str, others: Sequence[int]) -> bool:
    if not others or not reading.INTEGER.match(value):
        return False
    number = int(value)
    index = bisect.bisect_right(others, number)
    return index > 0 and number - others[index - 1] < _RANGE


def _without(values: Tally, constants: Collection[str]) -> Tally:
    return Counter({value: count for value, count in values.items() if value not in constants})


def _column(found: Sequence[Tally], fixed: set[str], old: set[str], kind: str) -> Column:
    """What was learned of a column, apart from the values that are fixed, and those of before."""
    generated = [_without(each, fixed | old) for each in found]
    values = [value for each in generated for value in each]
    column = Column(
        reads=_reads(values, kind),
        constants=frozenset(fixed | old),
        whole=bool(values) and all(reading.INTEGER.match(value) for value in values),
        single=all(reading.is_single(value) for value in values),
        long=all(reading.is_long(value) for value in values if reading.is_single(value)),
    )
    signed = bool(values) and all(map(reading.is_signed, values))
    stayed = len({bool(each.keys() & old) for each in found}) > 1
    if (signed and (stayed or _unstable(generated))) or (column.reads == "instant" and stayed):
        reads: Reads = "instant" if column.reads == "instant" else "measure"
        return replace(column, reads=reads, constants=frozenset(fixed), coarse=True)
    return column


def _reads(values: Sequence[str], kind: str) -> Reads:
    typed = kind.startswith(("timestamp", "datetime", "date"))
    moments = [moment for value in values if (moment := reading.instant(value)) is not None]
    if moments and len(moments) == len(values) and (typed or max(moments) - min(moments) < _SAME_TIME):
        return "instant"
    if typed or kind.startswith(("time", "interval")) or (values and all(map(reading.is_measure, values))):
        return "measure"
    return "value"


def _unstable(generated: Sequence[Tally]) -> bool:
    """Whether the values come again in some runs and not in all: a status, a counter, not an id.

    Windows of a sequence may overlap; so integers are unstable only where two runs agree in all of them.
    """
    for one, other in combinations([each for each in generated if each], 2):
        again = set(one) & set(other)
        if one == other or any(not reading.INTEGER.match(value) for value in again):
            return True
    return False


def _sample(generated: Sequence[Tally]) -> tuple[str, ...]:
    return tuple(sorted({value for each in generated for value in each})[:3])


def _ties(generated: Mapping[str, Sequence[Tally]]) -> dict[str, str]:
    """Classes of columns in which the short values of one are among the other's in every run."""
    ties = {name: name for name, values in generated.items() if all(_repeats(each) for each in values)}
    sets = {name: [set(each) for each in values] for name, values in generated.items() if all(values)}
    for one, other in combinations(sets, 2):
        if all(a <= b or b <= a for a, b in zip(sets[one], sets[other], strict=True)):
            old, new = ties.get(other, other), ties.get(one, one)
            ties.update({name: new for name, tie in ties.items() if tie == old})
            ties[one] = ties[other] = new
    return ties


def _repeats(values: Tally) -> bool:
    return any(count > 1 for count in values.values())


def distances(records: Sequence[Record], columns: Mapping[str, Column]) -> dict[str, list[float]]:
    """How far each generated instant lies from the first one of its run, in seconds, by column."""
    first = begun(records, columns)
    found: dict[str, list[float]] = {}
    for name, moment in _moments(records, columns):
        found.setdefault(name, []).append(moment - first)
    return found


def begun(records: Iterable[Record], columns: Mapping[str, Column]) -> float:
    """The first generated instant of a run; 0 where there is none."""
    return min((moment for _, moment in _moments(records, columns)), default=0.0)


def _moments(records: Iterable[Record], columns: Mapping[str, Column]) -> Iterator[tuple[str, float]]:
    for record in records:
        for cell in record.cells:
            column = columns.get(cell.column)
            if column is None or column.reads != "instant" or not cell.value or cell.value in column.constants:
                continue
            moment = reading.instant(cell.value)
            if moment is not None and not (record.before and any(old.value == cell.value for old in record.before)):
                yield cell.column, moment


def _steady(runs: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The distances that every run agrees on; none where one of them is not steady."""
    for distance in (each for run in runs for each in run):
        if not all(any(abs(distance - other) < _STEADY for other in run) for run in runs):
            return ()
    return tuple(sorted({round(each) * 1.0 for run in runs for each in run}))


def is_kept(distance: float, column: Column) -> bool:
    """Whether a trial's instant lies where the clean runs' instants of this column lie."""
    return not column.distances or any(abs(distance - each) < _KEPT for each in column.distances)
