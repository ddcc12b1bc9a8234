"""The critical path of a task that is deleted, and its rollback: the client has kept what it showed, and sends it."""

from hotfire import Actor, critical_path


@critical_path(
    owner="task team <tasks@example.org>",
    expected="The task and its steps are gone.",
    rollback="Put back what was shown: POST /tasks.",
)
def delete_task(member: Actor) -> None:
    """Look at a task, and delete it."""
    task = member.get("/tasks/1").json()
    member.delete(f"/tasks/{task['id']}")


@delete_task.undo
def put_back(member: Actor, task: dict[str, object]) -> None:
    """Put it back; it has another id then, and so have its steps."""
    member.post("/tasks", json=task)
