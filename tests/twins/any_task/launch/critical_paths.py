"""The critical path of a task."""

from hotfire import Actor, critical_path, sign_in


def signed_in(nobody: Actor, name: str) -> None:
    """A session, begun by the form."""
    nobody.submit(nobody.page("/login"), "#login", username=name, password=f"{name} in the morning")


@sign_in
def planner(nobody: Actor) -> None:
    """Ann's session."""
    signed_in(nobody, "ann")


@sign_in(like="planner")
def other_planner(nobody: Actor) -> None:
    """Bob's session."""
    signed_in(nobody, "bob")


@critical_path(
    owner="planning team <planning@example.org>",
    expected="The planner's task is on the list until it is deleted.",
    rollback="Write the task anew.",
)
def plan_task(planner: Actor) -> None:
    """Write a task, look at it, and delete it."""
    made = planner.submit(planner.page("/tasks"), "#new", title=planner.unique("mow"))
    planner.get(made.location_path)
    planner.submit(planner.page("/tasks"), "#delete")
