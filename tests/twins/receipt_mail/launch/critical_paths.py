"""The critical path of a shop's order."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="One order and one receipt for it.",
    rollback="Cancel the order by hand and write to the buyer.",
)
def place_order(buyer: Actor) -> None:
    """Order something and look at the order."""
    reference = buyer.unique("order")
    buyer.post("/orders", json={"reference": reference, "recipient": "ann@example.org", "amount": 4900})
    buyer.get(f"/orders/{reference}")
