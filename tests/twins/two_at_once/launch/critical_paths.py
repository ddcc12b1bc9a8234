"""The critical path of an order that is paid at once."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="One order, paid once.",
    rollback="Pay the amount back and cancel the order.",
)
def buy(buyer: Actor) -> None:
    """Order something and look at the order."""
    reference = buyer.unique("order")
    buyer.post("/orders", json={"reference": reference, "amount": 4900})
    buyer.get(f"/orders/{reference}")
