"""The critical path of buying a kite."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The order stands there with the price of the kite.",
    rollback="Cancel the order by hand.",
)
def buy_kite(buyer: Actor) -> None:
    """Order a kite and look at the order."""
    number = buyer.post("/orders", json={"goods": "kite"}, repeat="each").json()["order"]
    buyer.get(f"/orders/{number}")
