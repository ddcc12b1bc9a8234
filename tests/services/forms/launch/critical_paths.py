"""The critical path of a booking."""

from hotfire import Actor, critical_path


@critical_path(
    owner="club team <club@example.org>",
    expected="The room is booked once, and the guest sees so.",
    rollback="Delete the booking by hand, and write to the guest.",
)
def book_room(guest: Actor) -> None:
    """Book a room, and see the booking."""
    form = guest.page("/book")
    done = guest.submit(
        form,
        "#booking",
        room="The hall",
        guest=f"Ann {guest.unique('Blue')}",
        email="ann@example.org",
        first_day="2027-05-01",
        last_day="2027-05-03",
        seats="12",
        remark="We bring\nour own chairs.",
    )
    guest.get(done.location_path)
