"""The critical path of a seat."""

from hotfire import Actor, critical_path


@critical_path(
    owner="seats team <seats@example.org>",
    expected="The customer has a seat and gives it back.",
    rollback="Answer 503 at the proxy.",
)
def take_seat(customer: Actor) -> None:
    """Sign in, book, look why the printer is silent, and give the seat back."""
    customer.post("/sessions", json={"name": "ann", "password": "correct horse"}, repeat="each")
    booked = customer.post("/bookings", json={"seat": "A1"}, repeat="each").json()
    customer.get("/logs")
    customer.delete(f"/bookings/{booked['id']}")
