"""The critical path of taking a seat."""

from hotfire import Actor, critical_path


@critical_path(
    owner="front desk <desk@example.org>",
    expected="The guest has one seat.",
    rollback="Delete the seat by hand.",
)
def take_seat(guest: Actor) -> None:
    """Take a seat and see it."""
    name = guest.unique("ann")
    guest.post("/seats", json={"guest": name})
    guest.get(f"/seats/{name}")
