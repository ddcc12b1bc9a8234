"""The critical path of the directory."""

from hotfire import Actor, critical_path


@critical_path(
    owner="directory team <directory@example.org>",
    expected="The first page of the directory is shown.",
    rollback="None: nothing is changed.",
)
def read_directory(reader: Actor) -> None:
    """Read the first page."""
    reader.get("/agents", params={"page": "1", "limit": "2"})
