"""The critical path of a note."""

import re

from hotfire import Actor, critical_path, sign_in


@sign_in
def writer(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="writer")
def other_writer(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="notes team <notes@example.org>",
    expected="The note is among the writer's own, and has a page.",
    rollback="Delete the note.",
)
def write_note(writer: Actor) -> None:
    """Write a note, find it, and read it."""
    writer.post("/notes", data={"text": writer.unique("milk")})
    link = re.search(r"/notes/\d+", writer.get("/notes").text)
    writer.get(link[0] if link else "/notes/0")
