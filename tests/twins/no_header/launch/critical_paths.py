"""The critical path of a recipe."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def cook(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="cook")
def other_cook(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="kitchen team <kitchen@example.org>",
    expected="Everybody sees the cook's recipe with its new title.",
    rollback="Set the old title by hand.",
)
def mend_recipe(cook: Actor, nobody: Actor) -> None:
    """Write a recipe, give it another title, and let somebody read it."""
    recipe = cook.post("/recipes", json={"title": cook.unique("soup")}).json()
    cook.put(f"/recipes/{recipe['id']}", json={"title": cook.unique("stew")})
    nobody.get(f"/recipes/{recipe['id']}")
