"""The critical path of a draft."""

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
    owner="content team <content@example.org>",
    expected="The author finds the draft, and nobody else does.",
    rollback="Delete the draft.",
)
def keep_draft(author: Actor) -> None:
    """Write a draft, find it, and read it."""
    draft = author.post("/drafts", json={"title": author.unique("title"), "body": author.unique("body")}).json()
    author.get("/drafts")
    author.get(f"/drafts/{draft['id']}")
