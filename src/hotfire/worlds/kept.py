"""What an undo keeps is a dependency, a table or a column that there is: a slip of the pen would keep nothing."""

import difflib
from collections.abc import Collection, Iterator, Mapping

from hotfire.model.declaration import DeclaredPath
from hotfire.model.world import Mistake
from hotfire.worlds.stores.postgres import large_objects

Columns = Mapping[str, Mapping[str, str]]

_INTO = (":", "[", "{")  # what stands between a column and a field of its JSON
_FAMILIES = (":", ".", "-")  # and between a dependency and its tables, where these are named as its keys are
_SHOWN = 12


def unknown_in_keeps(declared: DeclaredPath, columns: Columns, dependencies: Collection[str]) -> Mistake | None:
    """The first name among what the path's undo keeps that no dependency, table or column has; a mistake of the path.

    `columns` are those of the state behind the path, as a baseline has them. A dependency that tells none (Redis) may
    yet have any table: what begins with its name is taken.
    """
    undoing = declared.undoing
    names = {*dependencies, large_objects.TABLE, *_spelled(columns, dependencies)}
    open_ended = tuple(f"{each}{joint}" for each in _untold(columns, dependencies) for joint in _FAMILIES)
    for written in declared.value.keeps if undoing else ():
        name = written.removesuffix(".*")
        field = any(name.startswith(f"{known}{joint}") for known in names if "." in known for joint in _INTO)
        if undoing and name not in names and not field and not name.startswith(open_ended):
            where = f"{undoing.file}:{undoing.line}: {undoing.name}"
            problem = f"{where}: keeps names {written!r}, which is no table, column or dependency"
            return Mistake(
                broken=False, step=f"the undo of {declared.value.name}", problem=problem, hint=_nearest(name, names)
            )
    return None


def _spelled(columns: Columns, dependencies: Collection[str]) -> Iterator[str]:
    """Each table, alone, with its schema and with its dependency, and each of its columns, as the oracle takes them."""
    for full, kinds in columns.items():
        store = next((each for each in dependencies if full.startswith(f"{each}.")), "")
        table = full.removeprefix(f"{store}.")
        for spelled in (full, table, table.rpartition(".")[2]):
            yield spelled
            yield from (f"{spelled}.{column}" for column in kinds)


def _untold(columns: Columns, dependencies: Collection[str]) -> list[str]:
    return [each for each in dependencies if not any(full.startswith(f"{each}.") for full in columns)]


def _nearest(name: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.7)
    if near:
        return f"did you mean {near[0]!r}?"
    table = name.rpartition(".")[0]
    there = sorted(each for each in names if (each.rpartition(".")[0] == table if table in names else "." not in each))
    return f"there is {', '.join(there[:_SHOWN])}{', …' if len(there) > _SHOWN else ''}"
