"""The critical path of an order that is paid by card."""

from hotfire import Actor, critical_path


@critical_path(
    owner="checkout team <checkout@example.org>",
    expected="The card is charged once, and the order is there.",
    rollback="Refund the charge at the payment provider, then delete the order.",
)
def pay_by_card(buyer: Actor) -> None:
    """Order, and look at the order."""
    basket = buyer.unique("basket")
    order = buyer.post("/orders", json={"basket": basket, "cents": 4900}).json()
    buyer.get(f"/orders/{order['id']}")
