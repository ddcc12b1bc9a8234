"""The critical path of a feed."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def editor(nobody: Actor) -> dict[str, str]:
    """Ann, who adds to it."""
    return {"Authorization": "Bearer key-of-ann-b6e4f90d23"}


@sign_in(like="editor")
def other_editor(nobody: Actor) -> dict[str, str]:
    """Bob, who does so, too: all editors may change all entries."""
    return {"Authorization": "Bearer key-of-bob-15c8a7d0f2"}


@critical_path(
    owner="feed team <feed@example.org>",
    expected="The feed has the entry, and is not sent again to who has it.",
    rollback="Give the entry its title of before.",
)
def follow(editor: Actor, nobody: Actor) -> None:
    """Add an entry, read the feed, and ask whether there is more."""
    editor.put(f"/entries/{editor.unique('fox')}", json={"title": "A fox"})
    tag = nobody.get("/feed").headers["etag"]
    nobody.get("/feed", headers={"If-None-Match": tag}, expect=304)
