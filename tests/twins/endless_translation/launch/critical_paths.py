"""The critical path of a comment that is read in German."""

from hotfire import Actor, critical_path


@critical_path(
    owner="community team <community@example.org>",
    expected="The comment is read in German, or as it was written where the translator does not work.",
    rollback="Switch translations off.",
    deadline=5.0,
    degraded={"translator": 200},
)
def read_in_german(reader: Actor) -> None:
    """Read a comment."""
    reader.get("/comments/1/german")
