"""The critical path of a note."""

from hotfire import Actor, critical_path


@critical_path(
    owner="notes team <notes@example.org>",
    expected="The note is kept, once.",
    rollback="Delete the note by hand.",
)
def keep_note(writer: Actor) -> None:
    """Keep a note."""
    writer.post("/notes", json={"reference": writer.unique("note"), "body": "buy tea"})
