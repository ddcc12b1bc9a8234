"""The critical path of ordering."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order is kept, and was seen once.",
    rollback="Delete the order by hand.",
)
def order_once(buyer: Actor) -> None:
    """Order and look at it."""
    name = buyer.unique("ann")
    buyer.post("/orders", json={"buyer": name})
    buyer.get(f"/orders/{name}")
