"""The critical path of a profile."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def author(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="author")
def other_author(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="profiles team <profiles@example.org>",
    expected="Members see the author's new motto.",
    rollback="Set the old motto by hand.",
)
def change_motto(author: Actor) -> None:
    """Change the motto, and see the profile as all members do."""
    author.patch("/me", json={"motto": author.unique("forward")})
    author.get("/members/ann")
