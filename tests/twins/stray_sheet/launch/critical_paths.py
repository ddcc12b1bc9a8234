"""The critical path of a sample sheet."""

from hotfire import Actor, critical_path


@critical_path(
    owner="laboratory team <lab@example.org>",
    expected="The sheet is there with all of its samples.",
    rollback="Delete the sheet by hand.",
    deadline=5.0,
)
def import_sheet(scientist: Actor) -> None:
    """Import a sheet and look at it."""
    title = scientist.unique("sheet")
    scientist.post("/sheets", json={"title": title, "samples": ["blood", "water"]}, repeat="each")
    scientist.get(f"/sheets/{title}")
