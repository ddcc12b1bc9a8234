"""The critical path of a note, from its first word to its end."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def person(nobody: Actor) -> dict[str, str]:
    """Ann, who forgets."""
    return {"X-Api-Key": "key-of-ann-7c20d94e1b"}


@sign_in(like="person")
def other_person(nobody: Actor) -> dict[str, str]:
    """Bob, who forgets other things."""
    return {"X-Api-Key": "key-of-bob-48f5a0c62d"}


@critical_path(
    owner="notes team <notes@example.org>",
    expected="The note is there until it is deleted, and then for nobody.",
    rollback="Set `deleted` to null: nothing is lost.",
)
def forget(person: Actor) -> None:
    """Keep a note, delete it, and look for it."""
    note = f"/notes/{person.unique('milk')}"
    person.put(note, json={"text": "Buy milk."})
    person.delete(note)
    person.get(note, expect=404)
    person.get("/notes")
