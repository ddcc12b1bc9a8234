"""The critical path of an order."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order is there, once.",
    rollback="Delete the order by hand.",
)
def place_order(buyer: Actor) -> None:
    """Place an order and look at it."""
    reference = buyer.unique("order")
    buyer.post("/orders", json={"reference": reference, "cents": 4900})
    buyer.get(f"/orders/{reference}")
