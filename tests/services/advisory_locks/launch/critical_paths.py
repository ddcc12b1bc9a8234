"""The critical path of a reservation."""

from hotfire import Actor, critical_path


@critical_path(
    owner="service team <service@example.org>",
    expected="The seats were reserved once and are free again.",
    rollback="Cancel the reservation.",
)
def reserve_and_cancel(guest: Actor) -> None:
    """Reserve three of four seats and give them back."""
    reference = guest.unique("dinner")
    guest.post("/tables/1/reservations", json={"reference": reference, "seats": 3})
    guest.delete(f"/tables/1/reservations/{reference}")
