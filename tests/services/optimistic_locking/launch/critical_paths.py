"""The critical path of a page that two people write."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def editor(nobody: Actor) -> dict[str, str]:
    """Ann, who begins."""
    return {"Authorization": "Bearer key-of-ann-d1842c7fa9"}


@sign_in(like="editor")
def other_editor(nobody: Actor) -> dict[str, str]:
    """Bob, who knows better."""
    return {"Authorization": "Bearer key-of-bob-6b90e3158c"}


@critical_path(
    owner="wiki team <wiki@example.org>",
    expected="The page says what its last editor wrote, who had seen what was there before.",
    rollback="Write the text before.",
    deadline=2.0,
)
def change_page(editor: Actor, other_editor: Actor) -> None:
    """Make a page, and let somebody else change it, and fail to change what is not there any more."""
    page = f"/pages/{editor.unique('fox')}"
    made = editor.put(page, json={"text": "A fox is a bird."}, headers={"If-None-Match": "*"})
    seen = {"If-Match": made.headers["etag"]}
    other_editor.put(page, json={"text": "A fox is no bird."}, headers=seen)
    editor.put(page, json={"text": "A fox is a fish."}, headers=seen, expect=412)
