"""The critical path that is benched: the basket is looked at, then ordered."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="One order, paid once, and one mail to send.",
    rollback="Cancel the order: the stock is given back and the payment refunded.",
)
def order(nobody: Actor) -> None:
    headers = {"authorization": "Bearer token-7"}
    products = nobody.get("/products", params={"limit": 20}, headers=headers).json()
    nobody.post(
        "/orders",
        headers=headers,
        json={
            "reference": nobody.unique("order"),
            "lines": [{"sku": product["sku"], "quantity": 2} for product in products[:1]],
            "note": "please ring twice",
        },
    )
