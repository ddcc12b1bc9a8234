"""Values that other rows have: which columns of which rows are asked about."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import cast

from hotfire.model.history import Row, RowChange
from hotfire.model.store import Store
from hotfire.worlds.taken import keys_of, taken


@dataclass(kw_only=True)
class Keys:
    """A store of which the keys are asked, and what other rows have in them."""

    asked: list[tuple[str, str, Row, Sequence[str]]] = field(default_factory=list)

    async def keys(self) -> dict[str, list[tuple[str, ...]]]:
        return {"seats": [("id",), ("hall", "number")]}

    async def held(self, table: str, column: str, like: Row, besides: Collection[str]) -> str | None:
        self.asked.append((table, column, like, tuple(besides)))
        return "8" if column == "number" else None


def change(before: Row | None, after: Row | None, table: str = "seats") -> RowChange:
    return RowChange(store="db", table=table, before=before, after=after)


def test_of_each_column_of_a_key_that_is_set_among_rows_that_agree_in_the_others() -> None:
    store = Keys()
    written = [
        change({"id": "1", "hall": "A", "number": "6"}, {"id": "1", "hall": "A", "number": "7"}),
        change({"id": "2", "hall": "B", "number": "1"}, None),
        change(None, {"id": "3", "hall": None, "number": "9"}),
        change(None, {"id": "4"}, "logs"),
    ]
    found = asyncio.run(taken({"db": cast("Store", store), "mail": cast("Store", object())}, written))
    assert found == {"db.seats.number": "8"}
    assert store.asked == [
        ("seats", "number", {"hall": "A"}, ("6", "7", "9")),
        ("seats", "id", {}, ("1", "3")),
    ]


def test_keys_are_named_by_store_and_table() -> None:
    stores = {"db": cast("Store", Keys()), "mail": cast("Store", object())}
    assert asyncio.run(keys_of(stores)) == {"db.seats": (("id",), ("hall", "number"))}
