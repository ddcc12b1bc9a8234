"""The critical path of an order that is sent by parcel."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order is there, and one parcel is on its way.",
    rollback="Cancel the shipment at the carrier, then delete the order.",
)
def order_parcel(buyer: Actor) -> None:
    """Place an order and look at it."""
    reference = buyer.unique("order")
    buyer.post("/orders", json={"reference": reference, "item": "teapot"})
    buyer.get(f"/orders/{reference}")
