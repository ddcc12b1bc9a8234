"""The critical path of a table."""

from hotfire import Actor, critical_path


@critical_path(
    owner="tables team <tables@example.org>",
    expected="The table is there.",
    rollback="Delete the table.",
)
def make_table(member: Actor) -> None:
    """Create a table."""
    member.post("/tables", json={"name": "customers"}, repeat="each")
