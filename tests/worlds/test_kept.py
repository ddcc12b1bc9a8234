"""What an undo keeps is there, or the person has mistyped it."""

import pytest

from hotfire.model.declaration import DeclaredPath, critical_path
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.kept import unknown_in_keeps

COLUMNS = {
    "db.bookings": {"id": "bigint", "meta": "jsonb"},
    "db.audit.entries": {"at": "timestamptz"},
    "media.media.files": {"path": "text"},
}
DEPENDENCIES = ("db", "media", "cache")


def keeping(*names: str) -> DeclaredPath:
    made = critical_path(owner="shop", expected="A booking.", rollback="Cancel it.")(book)
    made.undo(keeps=list(names))(cancel)
    return made


def book(ann: Actor) -> None:
    ann.post("/bookings")


def cancel(ann: Actor) -> None:
    ann.delete("/bookings/1")


@pytest.mark.parametrize(
    "name",
    [
        *("bookings", "bookings.*", "db.bookings", "bookings.id", "db.bookings.id", "bookings.meta:tags[].id"),
        *("audit.entries", "entries", "entries.at", "db.audit.entries.at", "db", "db.*", "large objects"),
        *(
            "media",
            "media.files",
            "media.files.path",
            "cache",
            "cache:string:cart",
            "cache:hash:cart.qty",
            "cache-3:list",
        ),
    ],
)
def test_what_is_there_or_may_come_is_taken(name: str) -> None:
    assert unknown_in_keeps(keeping(name), COLUMNS, DEPENDENCIES) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("bokings", "did you mean 'bookings'?"),
        ("bookings.idd", "did you mean 'bookings.id'?"),
        ("bookings.no_such_column", "there is bookings.id, bookings.meta"),
        ("nowhere.*", "there is bookings, cache, db, entries, "),
        ("meta:tags", "there is bookings, cache"),
        ("cahce:string:cart", "there is bookings, cache"),
        ("Bookings", "did you mean 'bookings'?"),
    ],
)
def test_what_is_nowhere_is_told_by_file_and_line_with_what_is_near(name: str, hint: str) -> None:
    mistake = unknown_in_keeps(keeping("db", name), COLUMNS, DEPENDENCIES)
    assert mistake
    assert mistake.hint.startswith(hint)
    where = f"{__file__}:{cancel.__code__.co_firstlineno}: cancel"
    assert mistake.problem == f"{where}: keeps names {name!r}, which is no table, column or dependency"
    assert not mistake.broken


def test_a_path_without_an_undo_keeps_nothing() -> None:
    made = critical_path(owner="shop", expected="A booking.", rollback="Cancel it.")(book)
    assert unknown_in_keeps(made, {}, ()) is None
