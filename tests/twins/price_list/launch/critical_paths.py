"""The critical path of a price list."""

from hotfire import Actor, critical_path


@critical_path(
    owner="purchasing <purchasing@example.org>",
    expected="The prices of the list are in force, once.",
    rollback="Delete the import by hand, its prices first.",
)
def take_prices(buyer: Actor) -> None:
    """Import a price list and read it back."""
    name = {"name": buyer.unique("spring")}
    buyer.post("/prices", params=name, content="bolt,120\nnut,35\n")
    buyer.get("/prices", params=name)
