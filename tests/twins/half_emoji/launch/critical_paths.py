"""The critical path of a poll."""

from hotfire import Actor, critical_path


@critical_path(
    owner="polls team <polls@example.org>",
    expected="The poll is open.",
    rollback="Delete the poll.",
)
def open_poll(host: Actor) -> None:
    """Create a poll."""
    host.post("/polls", json={"title": "Which fruit do you like?"}, repeat="each")
