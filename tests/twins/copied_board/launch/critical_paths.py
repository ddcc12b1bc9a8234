"""The critical path of a board that is duplicated."""

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
    owner="boards team <boards@example.org>",
    expected="The member has the board twice.",
    rollback="Delete the copy.",
)
def duplicate_board(member: Actor) -> None:
    """Begin a board, read it, and begin another from it."""
    board = member.post("/boards", json={"name": member.unique("launch"), "plan": member.unique("fuel")}).json()
    member.get(f"/boards/{board['id']}")
    member.post(f"/boards/{board['id']}/duplicate", repeat="each")
