"""The critical path of a project that its owner reads."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def ann(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="ann")
def bob(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="projects team <projects@example.org>",
    expected="Who began a project finds it again.",
    rollback="Delete the project by hand.",
)
def begin_project(ann: Actor) -> None:
    """Begin a project, and read it."""
    project = ann.post("/projects", json={"title": ann.unique("engine")}, repeat="each").json()
    ann.get(f"/projects/{project['id']}")
