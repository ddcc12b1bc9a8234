"""The critical path of a report."""

from hotfire import Actor, critical_path


@critical_path(
    owner="reporting team <reporting@example.org>",
    expected="The report is there.",
    rollback="Make the report again.",
)
def make_report(editor: Actor) -> None:
    """Make a report and read it."""
    name = editor.unique("march")
    editor.post("/reports", json={"name": name})
    editor.get(f"/reports/{name}")
