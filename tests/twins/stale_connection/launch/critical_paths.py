"""The critical path of a guest book."""

from hotfire import Actor, critical_path


@critical_path(
    owner="site team <site@example.org>",
    expected="The note stands in the guest book, once.",
    rollback="Delete the note by hand.",
)
def leave_note(guest: Actor) -> None:
    """Leave a note and read it."""
    key = guest.unique("note")
    guest.post("/notes", json={"key": key, "body": "Hello"})
    guest.get(f"/notes/{key}")
