"""The critical path of a moderator's decision."""

from hotfire import Actor, critical_path


@critical_path(
    owner="trust team <trust@example.org>",
    expected="The message is hidden, and the audit trail says so.",
    rollback="Show the message again.",
    deadline=5.0,
)
def hide_message(moderator: Actor) -> None:
    """Hide a message and look at the trail."""
    message = moderator.unique("message")
    moderator.post("/decisions", json={"message": message, "hidden": True}, repeat="each")
    moderator.get(f"/decisions/{message}")
