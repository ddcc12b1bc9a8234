"""The critical path of a recipe."""

from hotfire import Actor, critical_path


@critical_path(
    owner="kitchen team <kitchen@example.org>",
    expected="The recipe can be read.",
    rollback="Publish the text before.",
    deadline=3.0,
)
def publish_recipe(cook: Actor) -> None:
    """Publish a recipe and read it."""
    name = cook.unique("soup")
    cook.post("/recipes", json={"name": name, "text": "Boil water."})
    cook.get(f"/recipes/{name}")
