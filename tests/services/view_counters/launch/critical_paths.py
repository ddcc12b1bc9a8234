"""The critical path of a story."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def writer(nobody: Actor) -> dict[str, str]:
    """Ann, who writes."""
    return {"Authorization": "Bearer key-of-ann-0f6be2c781"}


@sign_in(like="writer")
def other_writer(nobody: Actor) -> dict[str, str]:
    """Bob, who writes other stories."""
    return {"Authorization": "Bearer key-of-bob-93d17aa5e4"}


@critical_path(
    owner="stories team <stories@example.org>",
    expected="Everybody reads the story, and its writer sees how often it was read.",
    rollback="Publish the text before.",
)
def tell_story(writer: Actor, nobody: Actor) -> None:
    """Publish, read, and see the count."""
    story = f"/stories/{writer.unique('fox')}"
    writer.put(story, json={"text": "A fox met a crow."})
    nobody.get(story)
    writer.get(f"{story}/views")
