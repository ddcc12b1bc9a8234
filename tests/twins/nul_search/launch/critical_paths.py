"""The critical path of finding an artist."""

from hotfire import Actor, critical_path


@critical_path(
    owner="metadata team <metadata@example.org>",
    expected="The artist is found by the beginning of the name.",
    rollback="None: nothing is changed.",
)
def find_artist(listener: Actor) -> None:
    """Search for an artist."""
    listener.get("/search", params={"query": "nina"})
