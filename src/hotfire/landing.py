"""Where values of a request land: in which columns of the rows that its step writes, and what is wrong for these alone.

    taken      a value that another row already has, in a column of a unique key
    too_long   a text of one character more than the column holds

No document says either: the database does. A value lands where it stands in the row that each undisturbed run writes.
"""

import re
from collections.abc import Iterable, Iterator

from hotfire.model.edit import Edit
from hotfire.model.history import Baseline
from hotfire.model.request import Request
from hotfire.mutation import Case
from hotfire.mutation.names import bare
from hotfire.mutation.spot import Spot
from hotfire.mutation.subject import Subject, json_text

TAKEN, TOO_LONG = "taken", "maxLength"
_PARTS = {"body", "form", "multipart", "query"}  # of a path, another's value would name another's object
_TELLING = 3  # characters: a shorter text may stand in a row by chance, unless the names agree
_LIMITED = re.compile(r"(?:character varying|varchar|character|char)\((\d+)\)", re.IGNORECASE)


def taken(baseline: Baseline, request: Request) -> Iterator[tuple[Case, str]]:
    """A case for each such place, with the column of which the world puts a value there in place of nothing."""
    for spot, column in _landings(baseline, request, baseline.taken):
        _, table, _ = _split(column)
        edit = Edit(part=spot.part, place=spot.place, occurrence=spot.occurrence)
        says = f"{spot.name}: a value that another row of {table} already has"
        yield Case(edit=edit, pointer=spot.pointer, keyword=TAKEN, sentence=says), column


def too_long(baseline: Baseline, request: Request) -> Iterator[tuple[Case, int]]:
    """A case for each such place, with how many characters its column holds. Only PostgreSQL keeps to what it says."""
    limits = {
        f"{table}.{column}": int(found[1])
        for table, columns in baseline.columns.items()
        if baseline.kinds.get(table.partition(".")[0]) == "postgres"
        for column, kind in columns.items()
        if (found := _LIMITED.fullmatch(kind))
    }
    for spot, column in _landings(baseline, request, limits):
        if isinstance(spot.value, str) and spot.value:
            name = column.partition(".")[2]
            new = spot.value + spot.value[-1] * (limits[column] + 1 - len(spot.value))
            value = json_text(new) if spot.part == "body" else new
            edit = Edit(part=spot.part, place=spot.place, occurrence=spot.occurrence, value=value)
            says = f"{spot.name}: {len(new)} characters, and {name} holds {limits[column]}"
            yield Case(edit=edit, pointer=spot.pointer, keyword=TOO_LONG, sentence=says), limits[column]


def _landings(baseline: Baseline, request: Request, columns: Iterable[str]) -> Iterator[tuple[Spot, str]]:
    """The places whose value lands in one of these columns, each with the first such."""
    written = {column: values for column in columns if (values := _written(baseline, column))}
    for spot in Subject.of(request, None).spots(baseline.step.route) if written else ():
        if spot.part not in _PARTS or spot.masked or spot.whole:
            continue
        value = _plain(str(spot.value))
        for column, values in written.items():
            if value in values and (len(value) >= _TELLING or bare(_split(column)[2]) == bare(spot.key)):
                yield spot, column
                break


def _written(baseline: Baseline, column: str) -> set[str]:
    """What each undisturbed run sets in a column."""
    store, table, name = _split(column)
    runs = [
        {
            _plain(value)
            for change in clean.state
            if (change.store, change.table) == (store, table) and (value := change.sets(name))
        }
        for clean in baseline.clean
    ]
    return set.intersection(*runs) if runs else set()


def _split(column: str) -> tuple[str, str, str]:
    """Store, table (of another schema, "other.notes") and column."""
    store, _, rest = column.partition(".")
    table, _, name = rest.rpartition(".")
    return store, table, name


def _plain(text: str) -> str:
    """As services keep it: without spaces around, in lower case."""
    return text.strip().lower()
