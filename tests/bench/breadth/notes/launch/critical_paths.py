"""A note is written, announced, published and read: three transactions that write, and a read."""

from hotfire import Actor, critical_path


@critical_path(
    owner="notes team <notes@example.org>",
    expected="The note is public, and announced once.",
    rollback="Delete it: DELETE FROM announcements, then FROM notes.",
)
def publish(writer: Actor):
    note = writer.post("/notes", json={"title": writer.unique("note")}).json()
    writer.post(f"/notes/{note['id']}/publish")
    writer.get(f"/notes/{note['id']}")
