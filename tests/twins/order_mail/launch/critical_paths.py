"""The critical path of an order."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order is there once, with the mail that confirms it.",
    rollback="Delete the order's mail and the order by hand.",
)
def place_order(buyer: Actor) -> None:
    """Place an order and look for its mail."""
    reference = buyer.unique("order")
    buyer.post("/orders", json={"reference": reference, "cents": 4900})
    buyer.get(f"/orders/{reference}/mails")
