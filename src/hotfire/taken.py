"""Values that another row already has: the places of a request whose value becomes part of a key.

Nothing says by itself that a value may be there once only, but the database does: a column of a unique key. What a row
already has there, the world knows (`Baseline.taken`); where the step's own value comes from is found here: the value
stands in the request, and in the row that each undisturbed run writes.
"""

from collections.abc import Iterator

from hotfire.model.edit import Edit
from hotfire.model.history import Baseline
from hotfire.model.request import Request
from hotfire.mutation import Case
from hotfire.mutation.names import bare
from hotfire.mutation.subject import Subject

KEYWORD = "taken"
_PARTS = {"body", "form", "multipart", "query"}  # of a path, another's value would name another's object
_TELLING = 3  # characters: a shorter text may stand in a row by chance, unless the names agree


def taken(baseline: Baseline, request: Request) -> Iterator[tuple[Case, str]]:
    """A case for each such place, with the column of which the world puts a value there in place of nothing."""
    columns = {column: _written(baseline, column) for column in baseline.taken}
    for spot in Subject.of(request, None).spots(baseline.step.route) if columns else ():
        if spot.part not in _PARTS or spot.masked or spot.whole:
            continue
        value = _plain(str(spot.value))
        for column, values in columns.items():
            _, table, name = _split(column)
            if value in values and (len(value) >= _TELLING or bare(name) == bare(spot.key)):
                edit = Edit(part=spot.part, place=spot.place, occurrence=spot.occurrence)
                says = f"{spot.name}: a value that another row of {table} already has"
                yield Case(edit=edit, pointer=spot.pointer, keyword=KEYWORD, sentence=says), column
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
