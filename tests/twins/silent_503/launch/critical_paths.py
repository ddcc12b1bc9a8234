"""The critical path of a loan."""

from hotfire import Actor, critical_path


@critical_path(
    owner="library team <library@example.org>",
    expected="The loan is noted, once.",
    rollback="Delete the loan by hand.",
    deadline=5.0,
)
def lend_book(clerk: Actor) -> None:
    """Lend a book and look who has it."""
    reference = clerk.unique("borrowed")
    clerk.post("/loans", json={"reference": reference, "reader": "Ann"})
    clerk.get(f"/loans/{reference}")
