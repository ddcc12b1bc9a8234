"""The critical path of an asset of a project."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def owner(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="owner")
def other_owner(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="assets team <assets@example.org>",
    expected="The project's asset has its new name.",
    rollback="Set the old name by hand.",
)
def name_asset(owner: Actor) -> None:
    """Begin a project, put an asset into it, and name that."""
    project = owner.post("/projects", json={"name": owner.unique("house")}).json()
    asset = owner.post(f"/projects/{project['id']}/assets", json={"name": owner.unique("plan")}).json()
    owner.patch(f"/projects/{project['id']}/assets/{asset['id']}", json={"name": owner.unique("view")})
