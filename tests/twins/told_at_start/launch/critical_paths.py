"""The critical path of a loan."""

from hotfire import Actor, critical_path


@critical_path(
    owner="library team <library@example.org>",
    expected="The reader has the book.",
    rollback="Delete the loan by hand.",
)
def borrow(reader: Actor) -> None:
    """Borrow a book, and see who has it."""
    book = reader.unique("book")
    reader.post("/loans", json={"book": book, "reader": "ann"})
    reader.get(f"/loans/{book}")
