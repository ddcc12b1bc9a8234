"""The critical path of a vote."""

from hotfire import Actor, critical_path


@critical_path(
    owner="election team <election@example.org>",
    expected="The ballot counts once.",
    rollback="Delete the vote by hand.",
)
def vote(voter: Actor) -> None:
    """Cast a ballot."""
    voter.post("/votes", json={"ballot": voter.unique("ballot"), "choice": "tea"})
