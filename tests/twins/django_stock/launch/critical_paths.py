"""The critical path of reserving."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="One lamp is kept for the buyer, and the stock is one less.",
    rollback="Delete the reservation and raise the stock by one.",
)
def reserve_lamp(buyer: Actor) -> None:
    """Reserve and look at what is left."""
    name = buyer.unique("ann")
    buyer.post("/items/lamp/reservations", data={"buyer": name})
    buyer.get("/items/lamp")
