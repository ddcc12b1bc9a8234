"""The critical path of a vote."""

from hotfire import Actor, critical_path


@critical_path(
    owner="polls team <polls@example.org>",
    expected="The vote is counted, once for each voter.",
    rollback="Delete the vote by hand.",
)
def cast_vote(voter: Actor) -> None:
    """Vote, and see the count."""
    subject = voter.unique("park")
    voter.post("/votes", json={"voter": "ann", "subject": subject, "choice": "yes"})
    voter.get(f"/votes/{subject}")
