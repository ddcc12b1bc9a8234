"""The critical path of a board of tasks."""

from hotfire import Actor, critical_path


@critical_path(
    owner="board team <board@example.org>",
    expected="The task stands on the board.",
    rollback="Delete the task by hand.",
    deadline=5.0,
)
def note_task(member: Actor) -> None:
    """Note a task and look at it."""
    key = member.unique("task")
    member.post("/tasks", json={"key": key, "text": "Water the plants"})
    member.get(f"/tasks/{key}")
