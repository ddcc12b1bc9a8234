"""The critical path of a room."""

from hotfire import Actor, critical_path


@critical_path(
    owner="hub team <hub@example.org>",
    expected="The room is open.",
    rollback="Close the room.",
)
def open_room(teacher: Actor) -> None:
    """Open a room."""
    teacher.post("/rooms", json={"name": teacher.unique("algebra")})
