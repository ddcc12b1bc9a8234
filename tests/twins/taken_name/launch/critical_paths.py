"""The critical path of choosing a name."""

from hotfire import Actor, critical_path


@critical_path(
    owner="accounts team <accounts@example.org>",
    expected="The name is taken, by one user with one profile.",
    rollback="Delete the user by hand.",
)
def choose_name(visitor: Actor) -> None:
    """Take a name and see the profile."""
    name = visitor.unique("ann")
    visitor.post("/users", json={"name": name})
    visitor.get(f"/users/{name}")
