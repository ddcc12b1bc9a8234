"""The critical path of a profile."""

from hotfire import Actor, critical_path


@critical_path(
    owner="help desk <helpdesk@example.org>",
    expected="The member is called as he wishes.",
    rollback="Change the name back.",
)
def change_name(member: Actor) -> None:
    """Join and change one's name."""
    handle = member.unique("ann")
    member.post("/profiles", json={"handle": handle, "name": "Ann"})
    member.patch(f"/profiles/{handle}", json={"name": "Ann Smith"})
