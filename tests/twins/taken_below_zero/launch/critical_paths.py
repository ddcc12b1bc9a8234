"""The critical path of the store room."""

from hotfire import Actor, critical_path


@critical_path(
    owner="store room <store@example.org>",
    expected="What was taken is not in the stock any more.",
    rollback="Correct the stock by hand.",
)
def take_gloves(nurse: Actor) -> None:
    """Take something out."""
    nurse.post("/takings", json={"item": "gloves", "quantity": 2}, repeat="each")
