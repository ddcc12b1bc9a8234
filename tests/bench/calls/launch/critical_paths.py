"""One step of some forty calls."""

from hotfire import Actor, critical_path


@critical_path(
    owner="shop team <shop@example.org>",
    expected="One order with its lines.",
    rollback="Delete the order.",
)
def check_out(nobody: Actor) -> None:
    nobody.post(
        "/checkout",
        headers={"authorization": "Bearer token-7"},
        json={"reference": nobody.unique("order"), "skus": [f"sku-{number}" for number in range(1, 10)]},
    )
