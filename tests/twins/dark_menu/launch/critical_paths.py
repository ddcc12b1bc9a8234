"""The critical path of a menu."""

from hotfire import Actor, critical_path


@critical_path(
    owner="canteen team <canteen@example.org>",
    expected="Whoever is hungry sees what is cooked, whatever the cache does.",
    rollback="None is needed: nothing is changed.",
    deadline=3.0,
    degraded={"cache": 200},
)
def look(guest: Actor) -> None:
    """Look at a menu, and at the same again."""
    guest.get("/menus/monday")
    guest.get("/menus/monday")
