"""The critical path of an export."""

from hotfire import Actor, critical_path


@critical_path(
    owner="data team <data@example.org>",
    expected="The export is done and has its file.",
    rollback="Delete the export by hand, its file first.",
)
def make_export(analyst: Actor) -> None:
    """Make an export and look at it."""
    reference = analyst.unique("export")
    analyst.post("/exports", json={"reference": reference})
    analyst.get(f"/exports/{reference}")
