"""The critical path of a check-out."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The basket is paid once and is one order.",
    rollback="Refund the payment and cancel the order by hand.",
)
def check_out(buyer: Actor) -> None:
    """Fill a basket and pay it."""
    reference = buyer.unique("basket")
    buyer.put(f"/baskets/{reference}", json={"amount": 4900})
    buyer.post(f"/baskets/{reference}/checkout")
