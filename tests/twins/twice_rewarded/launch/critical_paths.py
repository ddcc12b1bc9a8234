"""The critical path of points for an order."""

from hotfire import Actor, critical_path


@critical_path(
    owner="loyalty team <loyalty@example.org>",
    expected="An order earns its points once.",
    rollback="Take the points off again: HINCRBY points ann -10, SREM rewarded REFERENCE.",
)
def earn_points(ann: Actor) -> None:
    """Earn the points of an order, and look at them."""
    ann.post(f"/orders/{ann.unique('order')}/points", json={"customer": "ann", "points": 10})
    ann.get("/customers/ann/points")
