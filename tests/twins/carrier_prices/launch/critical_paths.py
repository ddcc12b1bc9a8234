"""The critical path of a shipment."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shipping team <shipping@example.org>",
    expected="The shipment has the carrier's price.",
    rollback="Delete the shipment.",
    deadline=5.0,
)
def book_shipment(clerk: Actor) -> None:
    """Book a shipment and read what it costs."""
    number = clerk.unique("shipment")
    clerk.put(f"/shipments/{number}", json={"grams": 1200})
    clerk.get(f"/shipments/{number}")
