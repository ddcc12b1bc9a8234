"""Which rows an undo has put back, by value."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from hotfire.equality import Oracle, State
from hotfire.model.history import RowChange
from hotfire.restored import Known, Left, left_of, own_columns
from hotfire.testing import deleted, inserted, serial, updated

KEYS: Mapping[str, Sequence[tuple[str, ...]]] = {
    "db.orders": [("id",), ("number",)],
    "db.items": [("id",)],
    "db.notes": [("id",)],
    "db.members": [("team", "person")],
    "db.sessions": [("key",)],
    "db.plain": [()],
}
UUIDS = ("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
DIGESTS = ("9f86d081884c7d659a2feaa0c55ad015", "60303ae22b998861bce3b28f33eec1be")
THEN, NOW = "2026-11-20 08:00:00+00", "2026-11-28 09:00:00+00"


def known(**changes: object) -> Known:
    """Orders have codes of their own; a moment is noted where it is that of now."""
    return replace(
        Known(
            keys=KEYS,
            generated={"orders.code", "orders.hash"},
            own={"orders.code"},
            no_state=(),
            noted=lambda _column, before, after: before is not None and after == NOW,
        ),
        **changes,  # type: ignore[arg-type]  # its own fields
    )


def left(*changes: RowChange, ended: Sequence[RowChange] = (), **what: object) -> Left:
    return left_of(changes, ended, known(**what))


BACK = Left(rows=())


def differing(found: Left) -> list[tuple[str, str | None, str | None]]:
    """The columns in which rows are told to be changed; a row that is gone or new has no place here."""
    assert all(row.before is not None and row.after is not None for row in found.rows)
    rows = [(row.before or {}, row.after or {}) for row in found.rows]
    return [(name, one[name], other[name]) for one, other in rows for name in one if one[name] != other[name]]


# what is surely made anew


@pytest.mark.parametrize(("gone", "there"), [("12", "7000001"), UUIDS])
def test_a_row_under_another_id_is_back(gone: str, there: str) -> None:
    assert left(deleted("items", id=gone, name="lamp"), inserted("items", id=there, name="lamp")) == BACK


@pytest.mark.parametrize(
    "other", [{"name": "vase"}, {"cents": 9900000}, {"starts": "2027-03-01 09:00:00"}, {"name": None}]
)
def test_one_with_other_contents_is_changed(other: dict[str, object]) -> None:
    row = {"name": "lamp", "cents": 1500000, "starts": "2026-12-24 10:00:00"}
    found = left(deleted("items", id="12", **row), inserted("items", id="7000001", **{**row, **other}))
    ((column, value),) = other.items()
    assert differing(found) == [(column, str(row[column]), None if value is None else str(value))]


def test_one_that_is_mostly_other_is_another_row() -> None:
    changes = deleted("items", id="12", name="lamp", left=4), inserted("items", id="7000001", name="vase", left=5)
    assert left(*changes) == Left(rows=changes)


def test_each_row_is_told_as_the_one_that_it_is_most_like() -> None:
    gone = [deleted("items", id=n, a=a, b="b", c="c") for n, a in (("1", "x"), ("2", "y"))]
    there = [inserted("items", id=n, a=a, b="b", c=c) for n, a, c in (("7000001", "y", "d"), ("7000002", "x", "c"))]
    assert differing(left(*gone, *there)) == [("c", "c", "d")]


def test_a_moment_that_was_noted_is_no_difference() -> None:
    assert left(deleted("items", id="12", made=THEN), inserted("items", id="7000001", made=NOW)) == BACK
    there = inserted("items", id="7000001", made=None)
    assert there in left(deleted("items", id="12", made=THEN), there).rows


def test_a_value_that_stands_on_both_sides_is_the_same_in_both() -> None:
    """Two rows that are there again have not changed their contents with each other."""
    changes = (
        deleted("items", id="12", name="lamp"),
        deleted("items", id="13", name="vase"),
        inserted("items", id="12", name="vase"),
        inserted("items", id="13", name="lamp"),
    )
    assert differing(left(*changes)) == [("name", "lamp", "vase"), ("name", "vase", "lamp")]


def test_each_row_is_back_once() -> None:
    gone = deleted("items", id="12", name="lamp")
    there = [inserted("items", id=f"700000{n}", name="lamp") for n in "12"]
    (over,) = left(gone, *there).rows
    assert over.before is None
    assert left(gone, gone, there[0]).rows == (gone,)


def test_a_token_of_a_column_of_its_own_is_made_anew() -> None:
    gone, there = deleted("orders", id="12", code=DIGESTS[0]), inserted("orders", id="7000001", code=DIGESTS[1])
    assert left(gone, there) == BACK
    named = inserted("orders", id="7000001", code="another lamp")
    assert left(gone, named).rows == (gone, named)


@pytest.mark.parametrize("name", ["items.name", "db.items.name"])
def test_columns_that_are_no_state_do_not_count(name: str) -> None:
    changes = deleted("items", id="12", name="lamp"), inserted("items", id="7000001", name="vase")
    assert left(*changes, no_state=[name]) == BACK


@pytest.mark.parametrize(
    ("then", "now", "back"),
    [
        ("T-12", "T-7000001", True),
        ("/tasks/12/of-12", "/tasks/7000001/of-7000001", True),
        ("T-12", "T-7000002", False),
        ("T-12", "U-7000001", False),
        ("T-121", "T-70000011", False),
    ],
)
def test_a_text_that_is_made_with_the_rows_own_id(then: str, now: str, *, back: bool) -> None:
    row = {"name": "lamp", "left": 4}
    found = left(deleted("items", id="12", code=then, **row), inserted("items", id="7000001", code=now, **row))
    assert (found == BACK) is back
    assert back or differing(found) == [("code", then, now)]


# references


def order_with_items(first: int, order: str, *, wrong: str = "") -> list[dict[str, str]]:
    return [{"id": str(first + n), "order": wrong or order, "name": name} for n, name in enumerate(("lamp", "vase"))]


def test_a_reference_to_a_row_that_is_back_is_back() -> None:
    gone = [deleted("orders", id="1", who="ann"), *(deleted("items", **each) for each in order_with_items(1, "1"))]
    items = order_with_items(7000001, "9000001")
    there = [*(inserted("items", **each) for each in items), inserted("orders", id="9000001", who="ann")]
    assert left(*gone, *there) == BACK


def test_a_reference_to_another_row_is_not() -> None:
    gone = [deleted("orders", id="1", who="ann"), *(deleted("items", **each) for each in order_with_items(1, "1"))]
    items = [inserted("items", **each) for each in order_with_items(7000001, "9000001", wrong="9000008")]
    found = left(*gone, *items, inserted("orders", id="9000001", who="ann"))
    assert differing(found) == [("order", "1", "9000008")] * 2


def test_of_rows_that_refer_to_one_that_is_changed_nothing_is_told() -> None:
    row = {"who": "ann", "cents": 5}
    gone = [deleted("orders", id="1", **row), *(deleted("items", **each) for each in order_with_items(1, "1"))]
    items = [inserted("items", **each) for each in order_with_items(7000001, "9000001")]
    note = updated("notes", {"id": "3", "order": "1"}, order="9000001")
    found = left(*gone, *items, note, inserted("orders", id="9000001", **{**row, "cents": 7}))
    assert differing(found) == [("cents", "5", "7")]


def test_rows_are_told_apart_by_what_they_refer_to() -> None:
    """The lamp was ann's; now it is bob's."""
    gone = [deleted("orders", id="1", who="ann"), deleted("orders", id="2", who="bob")]
    there = [inserted("orders", id="9000001", who="ann"), inserted("orders", id="9000002", who="bob")]
    lamp = deleted("items", id="5", order="1", name="lamp")
    right = inserted("items", id="7000001", order="9000001", name="lamp")
    wrong = inserted("items", id="7000001", order="9000002", name="lamp")
    assert left(*gone, lamp, *there, right) == BACK
    assert differing(left(*gone, lamp, *there, wrong)) == [("order", "1", "9000002")]


def test_a_row_that_stayed_and_refers_to_one_that_is_back() -> None:
    order = deleted("orders", id="1", who="ann"), inserted("orders", id="9000001", who="ann")
    item = {"id": "5", "order": "1", "left": 4}
    (row,) = left(*order, updated("items", item, order="9000001")).rows
    assert row.before == row.after
    (row,) = left(*order, updated("items", item, order="9000007")).rows
    assert (row.after or {})["order"] == "9000007"


def test_rows_that_share_their_id() -> None:
    """A profile has its member's: it is no id of its own, where it is too long to be equal by chance."""
    keys = {"db.users": [("id",)], "db.profiles": [("user",)]}

    def found(then: str, now: str, user: str) -> Left:
        gone = deleted("users", id=then, name="ann"), deleted("profiles", user=then, bio="hello")
        there = inserted("users", id=now, name="ann"), inserted("profiles", user=user, bio="hello")
        return left(*gone, *there, keys=keys)

    assert found("12", "7000001", "7000001") == BACK
    assert found(*UUIDS, UUIDS[1]) == BACK
    another = UUIDS[1].replace("7", "8")
    assert ("user", UUIDS[0], another) in differing(found(*UUIDS, another))
    gone = deleted("users", id=UUIDS[0], name="ann"), deleted("profiles", user=UUIDS[0], bio="hello")
    assert left(*gone, inserted("users", id=UUIDS[1], name="ann"), keys=keys).rows == gone[1:]
    assert found("1", "7000001", "9000001") == BACK  # two tables count from one


def test_rows_that_refer_to_each_other_come_to_an_end() -> None:
    gone = [deleted("notes", id=n, next=m) for n, m in (("1", "2"), ("2", "1"))]
    there = [inserted("notes", id=n, next=m) for n, m in (("7000001", "7000002"), ("7000002", "7000001"))]
    assert left(*gone, *there) == BACK


# what nobody can tell


@pytest.mark.parametrize(
    ("table", "column", "then", "now"),
    [
        ("items", "customer", *UUIDS),
        ("orders", "number", "1000001", "1000007"),
        ("members", "person", "3", "1000007"),
        ("plain", "id", "3", "1000007"),
        ("items", "id", "3", "4"),
        ("sessions", "key", "c2VjcmV0LW9uZQ", "YW5vdGhlci1vbmU"),
        ("orders", "hash", *DIGESTS),
    ],
)
def test_what_may_be_made_up_or_wrong_is_in_doubt(table: str, column: str, then: str, now: str) -> None:
    gone, there = {column: then, "name": "lamp"}, {column: now, "name": "lamp"}
    assert left(deleted(table, **gone), inserted(table, **there)) == Left(rows=(), doubtful=(f"{table}.{column}",))
    surely = deleted(table, **gone), inserted(table, **{**there, "name": "vase"})
    assert left(*surely) == Left(rows=surely)


@pytest.mark.parametrize("name", ["items", "db.items"])
def test_tables_that_are_no_state_are_in_no_doubt(name: str) -> None:
    changes = deleted("items", id="12", customer=UUIDS[0]), inserted("items", id="7000001", customer=UUIDS[1])
    assert left(*changes).doubtful == ("items.customer",)
    assert left(*changes, no_state=[name]) == BACK
    before = {"id": "1", "hash": DIGESTS[0]}
    token = updated("orders", before, hash="c2VjcmV0LW9uZQ1234")
    assert left(token, no_state=[name.replace("items", "orders")]).doubtful == ()


def test_of_a_row_that_refers_to_one_in_doubt_no_column_is_named() -> None:
    changes = [
        deleted("orders", id="1", number="1000001"),
        deleted("items", id="5", order="1"),
        inserted("orders", id="9000001", number="1000007"),
        inserted("items", id="7000001", order="9000001"),
    ]
    assert left(*changes).doubtful == ("orders.number",)


def test_a_hash_that_is_neither_that_of_before_nor_what_the_path_left() -> None:
    before, path = {"id": "1", "hash": DIGESTS[0], "left": 4}, DIGESTS[1]
    ended = [updated("orders", before, hash=path)]
    found = left(updated("orders", before, hash="c2VjcmV0LW9uZQ1234"), ended=ended)
    assert found.doubtful == ("orders.hash",)
    assert [row.before == row.after for row in found.rows] == [True]
    still = updated("orders", before, hash=path)
    assert left(still, ended=ended) == Left(rows=(still,))
    named = updated("orders", before, hash="another lamp, for bob")
    assert left(named, ended=ended) == Left(rows=(named,))


# what the oracle knows


def test_columns_with_values_of_their_own() -> None:
    def run(number: int) -> State:
        order, digest = serial(number), f"{number}{DIGESTS[0][1:]}"
        rows = [inserted("orders", id=order, code=digest), inserted("items", order=order, made=f"{THEN[:18]}{number}")]
        return State(rows=tuple(rows))

    assert own_columns(Oracle.learn([run(number) for number in range(3)], {})) == {"orders.code"}
