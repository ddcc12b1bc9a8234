"""The critical path of lending a book."""

from hotfire import Actor, critical_path


@critical_path(
    owner="library team <library@example.org>",
    expected="One copy is lent to the reader.",
    rollback="Delete the loan and raise the copies by one.",
)
def lend_book(reader: Actor) -> None:
    """Lend a book and look at what is left of it."""
    name = reader.unique("ann")
    reader.post("/books/1/loans", json={"reader": name})
    reader.get("/books/1")
