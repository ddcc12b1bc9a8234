"""The critical path of a club that welcomes its members by mail."""

from hotfire import Actor, critical_path


@critical_path(
    owner="club <club@example.org>",
    expected="Who joins is a member, and gets one welcome mail.",
    rollback="Delete the member by hand.",
    deadline=2.0,
)
def join(visitor: Actor) -> None:
    """Join; the mail comes a moment later."""
    visitor.post("/members", json={"email": visitor.unique("eve") + "@example.org"})
