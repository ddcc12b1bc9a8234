"""The critical path of a booking."""

from hotfire import Actor, critical_path


@critical_path(
    owner="house team <house@example.org>",
    expected="The hall is booked once.",
    rollback="Delete the booking by hand.",
)
def book_hall(guest: Actor) -> None:
    """Book the hall and look into the book."""
    reference = guest.unique("party")
    guest.put(f"/bookings/{reference}")
    guest.get(f"/bookings/{reference}")
