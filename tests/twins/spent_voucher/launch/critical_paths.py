"""The critical path of an order with a voucher, and its rollback."""

from hotfire import Actor, critical_path


@critical_path(
    owner="ticket team <tickets@example.org>",
    expected="The order is there, at the voucher's price.",
    rollback="Cancel the order: DELETE /orders/{code}.",
)
def order_with_voucher(guest: Actor) -> None:
    """Order, and look at it."""
    order = guest.post("/orders", json={"guest": guest.unique("ann"), "voucher": "FRIENDS"}).json()
    guest.get(f"/orders/{order['code']}")


@order_with_voucher.undo
def cancel(guest: Actor, order: dict[str, str]) -> None:
    """Cancel it."""
    guest.delete(f"/orders/{order['code']}")
