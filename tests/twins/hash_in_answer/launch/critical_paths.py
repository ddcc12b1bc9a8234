"""The critical path of joining the club."""

from hotfire import Actor, critical_path


@critical_path(
    owner="club team <club@example.org>",
    expected="The member is there, and the others see its address and since when.",
    rollback="Delete the member by hand.",
)
def join_club(member: Actor) -> None:
    """Join, and look at the entry."""
    email = f"{member.unique('ann')}@example.org"
    joined = member.post("/members", json={"email": email, "password": "correct horse battery"})
    member.get(joined.location_path)
