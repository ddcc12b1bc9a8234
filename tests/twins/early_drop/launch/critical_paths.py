"""The critical path of a drop."""

from hotfire import Actor, critical_path


@critical_path(
    owner="drops team <drops@example.org>",
    expected="The drop is there and paid.",
    rollback="Delete the drop and give the credits back.",
)
def make_drop(creator: Actor) -> None:
    """Create a drop."""
    creator.post("/drops", json={"title": creator.unique("sunrise"), "copies": 3}, repeat="each")
