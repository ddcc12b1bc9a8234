"""The critical path of an issue that is linked."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def member(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="member")
def other_member(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="tracker team <tracker@example.org>",
    expected="The issue is linked to what it is about.",
    rollback="Delete the link by hand.",
)
def link_issue(member: Actor) -> None:
    """File an issue, link it, and read it."""
    issue = member.post("/issues", json={"title": member.unique("crash")}).json()
    member.post("/links", json={"issue": issue["id"], "url": "https://tracker.example.org/4711"})
    member.get(f"/issues/{issue['id']}")
