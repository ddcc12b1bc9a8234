"""The critical path of an entry of a private log."""

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
    owner="log team <log@example.org>",
    expected="The writer's entry is kept, changed and, at the end, gone.",
    rollback="Write the entry anew.",
)
def keep_log(writer: Actor) -> None:
    """Write an entry, read it, change it, and delete it."""
    entry = writer.post("/entries", json={"text": writer.unique("rain")}).json()
    writer.get(f"/entries/{entry['id']}")
    writer.put(f"/entries/{entry['id']}", json={"text": writer.unique("sun")})
    writer.delete(f"/entries/{entry['id']}")
