"""The critical path of an article that becomes public, and its rollback."""

from hotfire import Actor, critical_path


@critical_path(
    owner="content team <content@example.org>",
    expected="The article is public, and the search finds it.",
    rollback="Unpublish: POST /articles/{id}/unpublish. The draft is kept.",
)
def publish_article(author: Actor, editor: Actor, nobody: Actor) -> None:
    """Write, publish, and find it."""
    draft = author.post("/articles", json={"title": author.unique("Launch"), "body": "Soon."}).json()
    editor.post(f"/articles/{draft['id']}/publish")
    nobody.get("/search", params={"words": draft["title"]})


@publish_article.undo(keeps=["articles"])
def unpublish(editor: Actor, draft: dict[str, int]) -> None:
    """Take it back."""
    editor.post(f"/articles/{draft['id']}/unpublish")
