"""The critical path of an order, and its rollback: a clerk, who has no part in the path, cancels it."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def clerk(nobody: Actor) -> dict[str, str]:
    """The desk has one key for all who work there."""
    return {"X-Desk-Key": "desk of the lamp shop"}


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order stands, and two lamps less are in stock.",
    rollback="A clerk cancels the order; it is kept as cancelled.",
)
def order_lamps(buyer: Actor) -> int:
    """Order, and look at what is left."""
    number = buyer.post("/items/lamp/orders", data={"buyer": buyer.unique("ann"), "quantity": "2"}).json()["number"]
    buyer.get("/items/lamp")
    return number


@order_lamps.undo(keeps=["shop_order"])
def cancel(clerk: Actor, number: int) -> None:
    """Cancel it."""
    clerk.post(f"/orders/{number}/cancel")
