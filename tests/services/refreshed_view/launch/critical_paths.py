"""The critical path of a league."""

from hotfire import Actor, critical_path


@critical_path(
    owner="league team <league@example.org>",
    expected="A result shows in the table at once.",
    rollback="Send the result before it again.",
)
def report_result(referee: Actor) -> None:
    """Report two results, and look at the table."""
    referee.put("/results", json={"player": "ann", "game": referee.unique("game"), "points": 3})
    referee.put("/results", json={"player": "bob", "game": referee.unique("other"), "points": 5})
    referee.get("/table")
