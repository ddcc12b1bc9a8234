"""The critical path of an order with lines."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order is placed with all its lines.",
    rollback="Cancel the order by hand.",
)
def place_order(buyer: Actor) -> None:
    """Order two things and look at the order."""
    reference = buyer.unique("order")
    buyer.post("/orders", json={"reference": reference, "lines": ["pen", "ink"]})
    buyer.get(f"/orders/{reference}")
